"""arXiv: preprints, by its Atom API, https://info.arxiv.org/help/api."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from backend.agents.source_finder.providers import reading
from backend.agents.source_finder.work import Work, normal_doi
from backend.agents.text.words import words

if TYPE_CHECKING:
    from bs4.element import Tag

NAME = "arxiv"
HOSTS = frozenset({"export.arxiv.org"})
ACCEPT = "application/atom+xml"
# Its terms of use: one request in three seconds.
PAUSE_S = 3.0


def address(query: str, language: str, limit: int, contact: str) -> str:
    terms = " AND ".join(f"all:{word}" for word in words(query))
    wanted = {"search_query": terms, "start": 0, "max_results": limit}
    return f"https://export.arxiv.org/api/query?{urlencode(wanted)}"


def read(body: bytes) -> list[Work]:
    # Late: a worker that doesn't ask arXiv needs nothing of it.
    from bs4 import BeautifulSoup

    # Not with an XML parser: this one knows no entities that could blow up or read a file.
    _, is_feed, feed = body.decode("utf-8", "replace").partition("<feed")
    if not is_feed:
        raise ValueError("not a feed")
    page = BeautifulSoup(f"<feed{feed}", "html.parser")
    found = map(_work, page.find_all("entry"))
    return [work for work in found if work is not None]


def _work(entry: Tag) -> Work | None:
    title, url = _text(entry, "title"), _text(entry, "id")
    if not title or "arxiv.org/abs/" not in url:
        return None
    names = [reading.line(name.get_text()) for name in entry.find_all("name")]
    published = _text(entry, "published")[:4]
    return Work(
        provider=NAME,
        kind="preprint",
        title=title,
        abstract=reading.abstract(_text(entry, "summary")),
        url=url.replace("http://", "https://", 1),
        doi=normal_doi(_text(entry, "arxiv:doi")),
        authors=reading.authors(names),
        year=int(published) if published.isdecimal() else None,
    )


def _text(entry: Tag, name: str) -> str:
    found = entry.find(name)
    return reading.line(found.get_text()) if found is not None else ""
