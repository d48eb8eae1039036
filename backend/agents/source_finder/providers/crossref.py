"""Crossref: what publishers say of the DOIs they registered, https://api.crossref.org."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from backend.agents.source_finder.providers import reading
from backend.agents.source_finder.work import Work, normal_doi
from backend.domain.sources import SourceKind

NAME = "crossref"
HOSTS = frozenset({"api.crossref.org"})
ACCEPT = "application/json"
PAUSE_S = 0.5
_FIELDS = "DOI,title,author,issued,abstract,URL,type"
_KINDS: dict[str, SourceKind] = {
    "journal-article": "article",
    "proceedings-article": "article",
    "posted-content": "preprint",
    "book": "book",
    "monograph": "book",
    "book-chapter": "book",
    "reference-entry": "encyclopedia",
}


def address(query: str, language: str, limit: int, contact: str) -> str:
    wanted = {"query.bibliographic": query, "rows": limit, "select": _FIELDS}
    if email := reading.email_of(contact):
        wanted["mailto"] = email
    return f"https://api.crossref.org/works?{urlencode(wanted)}"


def read(body: bytes) -> list[Work]:
    message = reading.mapping(reading.parse_object(body).get("message"))
    found = map(_work, reading.objects(message.get("items")))
    return [work for work in found if work is not None]


def _work(said: dict[str, Any]) -> Work | None:
    titles = said.get("title")
    title = reading.line(titles[0]) if isinstance(titles, list) and titles else ""
    if not title:
        return None
    people = reading.objects(said.get("author"))
    names = [
        " ".join(filter(None, [reading.line(one.get("given")), reading.line(one.get("family"))]))
        for one in people
    ]
    doi = said.get("DOI")
    url = said.get("URL")
    return Work(
        provider=NAME,
        kind=_KINDS.get(str(said.get("type")), "other"),
        title=title,
        abstract=reading.abstract(said.get("abstract")),
        url=url if isinstance(url, str) else None,
        doi=normal_doi(doi if isinstance(doi, str) else None),
        authors=reading.authors(names),
        year=_year(said.get("issued")),
    )


def _year(issued: object) -> int | None:
    try:
        return reading.year(reading.mapping(issued)["date-parts"][0][0])
    except (ValueError, KeyError, IndexError, TypeError):
        return None
