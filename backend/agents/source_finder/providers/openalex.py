"""OpenAlex: an open catalogue of scholarly works, https://developers.openalex.org."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from backend.agents.source_finder.providers import reading
from backend.agents.source_finder.work import Work, normal_doi
from backend.domain.sources import SourceKind

NAME = "openalex"
HOSTS = frozenset({"api.openalex.org"})
ACCEPT = "application/json"
PAUSE_S = 0.2
_FIELDS = (
    "id,doi,display_name,publication_year,type,authorships,abstract_inverted_index,primary_location"
)
_KINDS: dict[str, SourceKind] = {
    "article": "article",
    "review": "article",
    "preprint": "preprint",
    "book": "book",
    "book-chapter": "book",
}


def address(query: str, language: str, limit: int, contact: str) -> str:
    wanted = {"search": query, "per-page": limit, "select": _FIELDS}
    if email := reading.email_of(contact):
        wanted["mailto"] = email
    return f"https://api.openalex.org/works?{urlencode(wanted)}"


def read(body: bytes) -> list[Work]:
    found = map(_work, reading.objects(reading.parse_object(body).get("results")))
    return [work for work in found if work is not None]


def _work(said: dict[str, Any]) -> Work | None:
    title = reading.line(said.get("display_name"))
    if not title:
        return None
    place = said.get("primary_location")
    landing = place.get("landing_page_url") if isinstance(place, dict) else None
    url = next((u for u in (landing, said.get("id")) if isinstance(u, str)), None)
    people = [one.get("author") for one in reading.objects(said.get("authorships"))]
    names = [reading.line(one.get("display_name")) for one in reading.objects(people)]
    return Work(
        provider=NAME,
        kind=_KINDS.get(str(said.get("type")), "other"),
        title=title,
        abstract=reading.abstract(_in_order(said.get("abstract_inverted_index"))),
        url=url,
        doi=normal_doi(said.get("doi") if isinstance(said.get("doi"), str) else None),
        authors=reading.authors(names),
        year=reading.year(said.get("publication_year")),
    )


def _in_order(index: object) -> str:
    """An abstract out of its words, each with its places."""
    if not isinstance(index, dict):
        return ""
    placed = [
        (place, str(word))
        for word, places in index.items()
        if isinstance(places, list)
        for place in places
        if isinstance(place, int)
    ]
    return " ".join(word for _, word in sorted(placed))
