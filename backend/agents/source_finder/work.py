"""A work that a provider found, and what makes two of them the same. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit

from pydantic import Field

from backend.domain.events import CamelModel
from backend.domain.sources import SourceKind

LONGEST_ABSTRACT_CHARS = 1_500
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_ARXIV = re.compile(r"arxiv\.org/(?:abs|pdf)/(?P<id>[\w.-]+(?:/\d+)?)", re.IGNORECASE)
_ARXIV_DOI = "10.48550/arxiv."
_VERSION = re.compile(r"v\d+$")
_TRACKING = re.compile(r"(?:utm_\w+|fbclid|gclid|ref|source)$", re.IGNORECASE)


class Work(CamelModel):
    """One work as a provider describes it. `abstract` is in the provider's words, shortened."""

    provider: str
    kind: SourceKind
    title: str = Field(min_length=1)
    abstract: str = ""
    url: str | None = None
    doi: str | None = None
    authors: list[str] = Field(default_factory=list)
    year: int | None = None


def normal_doi(written: str | None) -> str | None:
    """A DOI without what it is written with: "https://doi.org/10.1/ABC." is "10.1/abc"."""
    match = _DOI.search(written or "")
    return match[0].rstrip(".,;)").lower() if match else None


def normal_url(written: str | None) -> str | None:
    """An address as it is compared: no scheme, www, tracking, fragment or slash at the end."""
    try:
        parts = urlsplit((written or "").strip())
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    kept = [(key, value) for key, value in parse_qsl(parts.query) if not _TRACKING.match(key)]
    query = f"?{urlencode(sorted(kept))}" if kept else ""
    return f"{host}{parts.path.rstrip('/')}{query}"


def identities(work: Work) -> set[str]:
    """What the work is known by; works that share one are the same."""
    doi, url = normal_doi(work.doi), normal_url(work.url)
    preprint = _ARXIV.search(work.url or "")
    by_url_doi = normal_doi(work.url) if "doi.org/" in (work.url or "") else None
    found = {f"doi:{one}" for one in (doi, by_url_doi) if one}
    if preprint:
        number = _VERSION.sub("", preprint["id"].lower().removesuffix(".pdf"))
        found.add(f"doi:{_ARXIV_DOI}{number}")
    elif url and not by_url_doi:
        found.add(f"url:{url}")
    return found or {f"title:{' '.join(work.title.lower().split())}:{work.year}"}


def merged(works: Iterable[Work]) -> list[list[Work]]:
    """The works in groups of the same one, in the order of each group's first."""
    groups: list[tuple[set[str], list[Work]]] = []
    for work in works:
        known, members = identities(work), [work]
        first: int | None = None
        for index in range(len(groups) - 1, -1, -1):
            if groups[index][0] & known:
                known |= groups[index][0]
                members = groups[index][1] + members
                del groups[index]
                first = index
        groups.insert(len(groups) if first is None else first, (known, members))
    return [members for _, members in groups]
