"""Searches one person's library: the passages of all their materials, in every session of theirs.

Two questions to the database. The first counts how many passages have each term, up to a bound:
rare terms tell more. The second brings the passages whose rare terms weigh most; terms that stand
nearly everywhere choose no passage unless there is nothing else, so that the size of a library
bounds the work but doesn't make it. What is brought is put in order by BM25 here, by all terms, the
same on either database: PostgreSQL's own ranks know nothing of how rare a term is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Float, Select, func, literal, select, union_all

from backend.db import library_index
from backend.db.library_index import Shelf
from backend.db.tables import materials, passages, sessions
from backend.db.unit_of_work import UnitOfWork
from backend.domain.library import LibraryHit

MOST_TERMS = 12
_CANDIDATES = 60
# A term that more passages have is common, whatever the size of the library.
_COMMON = 1_000
# Only what the weights are to each other matters, so they are as of a library of this size.
_AS_OF_PASSAGES = 100_000
_K1, _B, _USUAL_TERMS = 1.2, 0.5, 180


@dataclass(frozen=True)
class _Candidate:
    id: int
    material_id: str
    score: float


async def search(
    uow: UnitOfWork,
    owner: str,
    terms: Sequence[str],
    *,
    limit: int,
    except_session: str | None = None,
) -> list[LibraryHit]:
    """The best passage of each of the `limit` materials that fit best, best first.

    `terms` are stems as `domain.library.terms_of` makes them; the first twelve count.
    `except_session`: leave out what that session has itself.
    """
    wanted = list(dict.fromkeys(terms))[:MOST_TERMS]
    if not wanted:
        return []
    shelf = Shelf(uow.connection.dialect.name, owner, except_session)
    await library_index.insist_on_it(uow)
    counts = await _counts(uow, shelf, wanted)
    if not counts:
        return []
    best: dict[str, _Candidate] = {}
    for candidate in await _candidates(uow, shelf, counts):
        best.setdefault(candidate.material_id, candidate)
    return await _hits(uow, owner, list(best.values())[:limit])


async def _counts(uow: UnitOfWork, shelf: Shelf, terms: list[str]) -> dict[str, int]:
    """How many passages have each term, of those that any has; counted no further than common."""
    counts = union_all(
        *(
            select(literal(number).label("number"), func.count().label("passages")).select_from(
                shelf.having(term, limit=_COMMON + 1).subquery()
            )
            for number, term in enumerate(terms)
        )
    )
    rows = (await uow.connection.execute(counts)).all()
    return {terms[row.number]: row.passages for row in rows if row.passages}


async def _candidates(uow: UnitOfWork, shelf: Shelf, counts: Mapping[str, int]) -> list[_Candidate]:
    """The passages that are worth a closer look, best first."""
    weights = {term: math.log(1 + _AS_OF_PASSAGES / count) for term, count in counts.items()}
    rare = {term: weight for term, weight in weights.items() if counts[term] <= _COMMON}
    heaviest = _heaviest(shelf, rare or weights, all_common=not rare).subquery()
    rows = await uow.connection.execute(
        select(passages.c.id, passages.c.material_id, passages.c.terms).join(
            heaviest, heaviest.c.id == passages.c.id
        )
    )
    found = [_Candidate(r.id, r.material_id, _bm25(weights, r.terms.split(" "))) for r in rows]
    return sorted(found, key=lambda one: (-one.score, one.id))


def _heaviest(shelf: Shelf, weights: Mapping[str, float], *, all_common: bool) -> Select[int]:
    """Where the weights of the terms that a passage has sum up highest."""
    matches = [(shelf.having(term, limit=_COMMON), weight) for term, weight in weights.items()]
    if all_common and len(weights) > 1:
        matches.append((shelf.having(*weights, limit=_COMMON), sum(weights.values())))
    weighted = []
    for having, weight in matches:
        found = having.subquery()
        weighted.append(select(found.c.id, literal(weight, Float).label("weight")))
    match = union_all(*weighted).subquery()
    return (
        select(match.c.id)
        .group_by(match.c.id)
        .order_by(func.sum(match.c.weight).desc(), match.c.id)
        .limit(_CANDIDATES)
    )


def _bm25(weights: Mapping[str, float], terms: Sequence[str]) -> float:
    length = 1 - _B + _B * len(terms) / _USUAL_TERMS
    counts = {term: terms.count(term) for term in weights}
    return sum(
        weight * counts[term] * (_K1 + 1) / (counts[term] + _K1 * length)
        for term, weight in weights.items()
        if counts[term]
    )


async def _hits(uow: UnitOfWork, owner: str, best: Sequence[_Candidate]) -> list[LibraryHit]:
    scores = {one.id: one.score for one in best}
    length = passages.c.end_char - passages.c.start_char
    rows = await uow.connection.execute(
        select(
            passages.c.id,
            passages.c.start_char,
            passages.c.end_char,
            materials.c.id.label("material_id"),
            materials.c.title.label("material_title"),
            sessions.c.id.label("session_id"),
            sessions.c.title.label("session_title"),
            func.substr(materials.c.text, passages.c.start_char + 1, length).label("text"),
        )
        .join(materials, materials.c.id == passages.c.material_id)
        .join(sessions, sessions.c.id == materials.c.session_id)
        .where(passages.c.id.in_(scores), sessions.c.owner == owner)
    )
    hits = [
        LibraryHit(
            session_id=row.session_id,
            session_title=row.session_title,
            material_id=row.material_id,
            material_title=row.material_title,
            start=row.start_char,
            end=row.end_char,
            text=row.text,
            score=round(scores[row.id], 4),
        )
        for row in rows
    ]
    return sorted(hits, key=lambda hit: (-hit.score, hit.material_id))
