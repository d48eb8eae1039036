"""Searches a library of 10,000 materials, on SQLite and on PostgreSQL.

The materials are pages of 3,000 to 9,000 characters in Russian and English, of words as frequent
as words are in a language (Zipf). A search is two to five words of one page, so that there is
something to find; half of them are rare in the library and half aren't.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncEngine

from backend.db import library, library_index, sessions
from backend.db.column_types import new_id, utc_now
from backend.db.engine import create_engine
from backend.db.tables import materials
from backend.db.unit_of_work import UnitOfWork
from backend.db.upgrade import upgrade_engine
from backend.domain.library import Passage, passages_of, terms_of
from backend.settings import Settings
from bench.report import Table, percentile
from tests.fixtures.postgres import open_server

_MATERIALS, _SEARCHES, _WARM_UP = 10_000, 300, 20
_VOCABULARY = 30_000
_MOST_P95_MS = 100.0
_OWNER = "bench"
Page = tuple[str, str, tuple[Passage, ...]]
_SYLLABLES = (
    "ba ce di fo gu ha je ki lo mu na pe qui ro su ta ve wi xo yu".split(),
    "ба ве ги до жу за ке ли мо ну па ре си то фу ха це чи шо ну".split(),
)


def run(folder: Path) -> Table:
    table = Table(f"library of {_MATERIALS:,} materials, {_SEARCHES} searches")
    dice = random.Random(6)
    pages = [(title, body, passages_of(title, body)) for title, body in _pages(dice)]
    searches = [_search(dice, *dice.choice(pages)[:2]) for _ in range(_WARM_UP + _SEARCHES)]
    with open_server() as server:
        urls = {
            "SQLite": f"sqlite:///{folder / 'library.db'}",
            "PostgreSQL": server.url(server.create_database()),
        }
        for name, url in urls.items():
            settings = Settings(_env_file=None, database_url=url, offstage_data_dir=folder)
            took_ms, found = asyncio.run(_measure(settings, pages, searches))
            p95 = percentile(took_ms, 95)
            told = f"p50 {percentile(took_ms, 50):.1f} ms  p95 {p95:.1f} ms  max {max(took_ms):.1f}"
            table.add(f"{name}, a search", told, goal=f"<= {_MOST_P95_MS:g} ms", met=p95 <= 100)
            share = found / len(searches)
            table.add(
                f"{name}, the page is in the ten", f"{share:.0%}", goal="> 50 %", met=share > 0.5
            )
    return table


async def _measure(
    settings: Settings, pages: list[Page], searches: list[tuple[str, str]]
) -> tuple[list[float], int]:
    """How long each search took, and how many found the page its words are from."""
    engine = create_engine(settings)
    await upgrade_engine(engine)
    await _fill(engine, pages)
    took_ms: list[float] = []
    found = 0
    for query, title in searches:
        started = time.perf_counter()
        async with UnitOfWork(engine, read_only=True) as uow:
            hits = await library.search(uow, _OWNER, terms_of(query), limit=10)
        took_ms.append((time.perf_counter() - started) * 1e3)
        found += title in {hit.material_title for hit in hits}
    await engine.dispose()
    return took_ms[_WARM_UP:], found


async def _fill(engine: AsyncEngine, pages: list[Page]) -> None:
    async with UnitOfWork(engine) as uow:
        session = await sessions.create(uow, _OWNER, {"title": "Bench"})
        for number, (title, body, found) in enumerate(pages):
            row = _row(session.id, number, title, body)
            await uow.connection.execute(insert(materials).values(row))
            await library_index.add(uow, _OWNER, session.id, row["id"], found)
        await uow.commit()
    async with UnitOfWork(engine) as uow:
        await uow.connection.execute(text("ANALYZE"))
        await uow.commit()


def _pages(dice: random.Random) -> Iterator[tuple[str, str]]:
    """A title and a text each; every other one in Russian."""
    vocabularies = [
        [_word(dice, syllables) for _ in range(_VOCABULARY)] for syllables in _SYLLABLES
    ]
    weights = [1 / rank for rank in range(1, _VOCABULARY + 1)]
    for number in range(_MATERIALS):
        chosen = dice.choices(vocabularies[number % 2], weights, k=dice.randint(400, 1_200))
        sentences = [" ".join(chosen[n : n + 12]).capitalize() for n in range(0, len(chosen), 12)]
        yield f"Page {number}", "\n".join(f"{sentence}." for sentence in sentences)


def _word(dice: random.Random, syllables: list[str]) -> str:
    return "".join(dice.choices(syllables, k=dice.randint(2, 5)))


def _row(session_id: str, number: int, title: str, body: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "session_id": session_id,
        "position": number,
        "title": title,
        "format": "txt",
        "chars": len(body),
        "sha256": "",
        "text": body,
        "created_at": utc_now(),
    }


def _search(dice: random.Random, title: str, body: str) -> tuple[str, str]:
    """Words of one sentence stand together in a passage, as those of a question would."""
    words = dice.choice(body.split("\n")).strip(".").split()
    return " ".join(dice.sample(words, min(len(words), dice.randint(2, 5)))), title
