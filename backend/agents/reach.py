"""What an agent may look for beyond its session: the person's library, and the web."""

from __future__ import annotations

from typing import Protocol

from backend.domain.library import LibraryHit
from backend.errors import FetchRefused


class Library(Protocol):
    """The person's own materials, those of this session left out."""

    async def search(self, query: str, limit: int) -> list[LibraryHit]:
        """The passages that fit best, one of a material, best first."""
        ...


class Web(Protocol):
    """What the operator has switched on of the web. `contact` is how to reach the operator."""

    @property
    def providers(self) -> tuple[str, ...]: ...

    @property
    def contact(self) -> str: ...

    async def fetch(self, url: str, *, accept: str, pause_s: float) -> bytes:
        """What stands at `url`, no sooner than `pause_s` after the last fetch from its host.

        Raises FetchError.
        """
        ...


class EmptyLibrary:
    """For runs without a session's memory."""

    async def search(self, query: str, limit: int) -> list[LibraryHit]:
        return []


class NoWeb:
    """Nothing is switched on."""

    providers: tuple[str, ...] = ()
    contact = ""

    async def fetch(self, url: str, *, accept: str, pause_s: float) -> bytes:
        raise FetchRefused("Nothing of the web is switched on.")
