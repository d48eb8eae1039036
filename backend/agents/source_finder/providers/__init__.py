"""Where the web is searched: one file for each provider, all of them of one form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from backend.agents.source_finder.providers import arxiv, crossref, openalex, wikipedia
from backend.agents.source_finder.work import Work


class Provider(Protocol):
    """A module of this package. `PAUSE_S` is what the provider asks for between two requests."""

    NAME: str
    HOSTS: frozenset[str]
    ACCEPT: str
    PAUSE_S: float

    def address(self, query: str, language: str, limit: int, contact: str) -> str:
        """Where to ask for `query`. `contact` is an e-mail or an https address."""
        ...

    def read(self, body: bytes) -> list[Work]:
        """The works in an answer. Raises ValueError for what isn't one."""
        ...


_ALL: dict[str, Provider] = {
    openalex.NAME: openalex,
    arxiv.NAME: arxiv,
    crossref.NAME: crossref,
    wikipedia.NAME: wikipedia,
}


def provider(name: str) -> Provider:
    """The provider of a name in `settings.SOURCE_PROVIDERS`."""
    return _ALL[name]


def hosts_of(names: Iterable[str]) -> frozenset[str]:
    """All hosts that these providers are asked at."""
    return frozenset(host for name in names for host in _ALL[name].HOSTS)
