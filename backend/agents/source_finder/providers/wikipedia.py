"""Wikipedia in Russian and English, by the MediaWiki API."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from backend.agents.source_finder.providers import reading
from backend.agents.source_finder.work import Work

NAME = "wikipedia"
HOSTS = frozenset({"ru.wikipedia.org", "en.wikipedia.org"})
ACCEPT = "application/json"
PAUSE_S = 0.5


def address(query: str, language: str, limit: int, contact: str) -> str:
    wanted = {
        "action": "query",
        "format": "json",
        "formatversion": 2,
        "generator": "search",
        "gsrsearch": query,
        "gsrlimit": limit,
        "prop": "extracts|info",
        "exintro": 1,
        "explaintext": 1,
        "exlimit": "max",
        "inprop": "url",
        # Whoever asks with this steps back while the servers are busy.
        "maxlag": 5,
    }
    host = "ru.wikipedia.org" if language == "ru" else "en.wikipedia.org"
    return f"https://{host}/w/api.php?{urlencode(wanted)}"


def read(body: bytes) -> list[Work]:
    said = reading.parse_object(body)
    if "error" in said:
        raise ValueError("an error in place of an answer")
    query = said.get("query")
    pages = reading.objects(query.get("pages")) if isinstance(query, dict) else []
    found = map(_work, sorted(pages, key=_rank))
    return [work for work in found if work is not None]


def _rank(page: dict[str, Any]) -> int:
    index = page.get("index")
    return index if isinstance(index, int) else 1_000


def _work(page: dict[str, Any]) -> Work | None:
    title = reading.line(page.get("title"))
    url = page.get("fullurl")
    if not title or not isinstance(url, str):
        return None
    return Work(
        provider=NAME,
        kind="encyclopedia",
        title=title,
        abstract=reading.abstract(page.get("extract")),
        url=url,
    )
