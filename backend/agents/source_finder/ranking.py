"""What was found, put together and in order. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backend.agents.source_finder.work import Work, merged, normal_doi
from backend.agents.text.sentences import sentence_spans
from backend.agents.text.words import content_stems
from backend.domain.library import LibraryHit
from backend.domain.sources import Gap, SourceKind

MOST_SHOWN = 40
# Below this share of a gap's words a result only shares a word with it.
_LEAST_SHARE = 0.5
# What the person has already comes first; the titles of lectures seldom say what is in them.
_LIBRARY_BONUS, _AGREEMENT_BONUS, _ENCYCLOPEDIA_BONUS = 0.35, 0.05, 0.05
_LONGEST_EXCERPT_CHARS = 400


@dataclass(frozen=True)
class Result:
    """A passage of the library, or one work by all who brought it. `gaps` are indices, best first.

    `text` is what it says of itself, in its own words.
    """

    kind: SourceKind
    title: str
    text: str
    providers: tuple[str, ...]
    gaps: tuple[int, ...]
    score: float
    hit: LibraryHit | None = None
    works: tuple[Work, ...] = ()

    @property
    def doi(self) -> str | None:
        return next((normal_doi(work.doi) for work in self.works if work.doi), None)

    @property
    def url(self) -> str | None:
        return next((work.url for work in self.works if work.url), None)

    @property
    def authors(self) -> list[str]:
        return max((work.authors for work in self.works), key=len, default=[])

    @property
    def year(self) -> int | None:
        return next((work.year for work in self.works if work.year), None)


def results_of(
    gaps: Sequence[Gap], hits: Sequence[LibraryHit], works: Sequence[Work]
) -> list[Result]:
    """Each once, best first; what has too little to do with any gap is left out."""
    found = [_of_hit(gaps, hit) for hit in _once(hits)]
    found += [_of_works(gaps, same) for same in merged(works)]
    kept = [result for result in found if result.gaps]
    return sorted(kept, key=lambda result: (-result.score, result.title))[:MOST_SHOWN]


def best_excerpt(text: str, topic: str) -> str:
    """The sentence that has most of the topic's words, letter for letter."""
    wanted = set(content_stems(topic))
    spans = sentence_spans(text)
    if not spans:
        return ""
    start, end = max(
        spans, key=lambda span: (len(wanted & set(content_stems(text[slice(*span)]))), -span[0])
    )
    return text[start : min(end, start + _LONGEST_EXCERPT_CHARS)]


def spread(results: Sequence[Result], gaps: int, most: int) -> list[Result]:
    """Up to `most`, best first, the best of each gap among them as far as there is room."""
    first = [next((r for r in results if gap in r.gaps), None) for gap in range(gaps)]
    chosen: list[Result] = []
    for result in [*first, *results]:
        if result is not None and result not in chosen and len(chosen) < most:
            chosen.append(result)
    return [result for result in results if result in chosen]


def _once(hits: Sequence[LibraryHit]) -> list[LibraryHit]:
    return list({(hit.material_id, hit.start): hit for hit in hits}.values())


def _of_hit(gaps: Sequence[Gap], hit: LibraryHit) -> Result:
    closes, score = _fit(gaps, hit.material_title, hit.text)
    return Result(
        kind="library",
        title=hit.material_title,
        text=hit.text,
        providers=("library",),
        gaps=closes,
        score=_rounded(score + _LIBRARY_BONUS),
        hit=hit,
    )


def _of_works(gaps: Sequence[Gap], works: Sequence[Work]) -> Result:
    fullest = max(works, key=lambda work: len(work.abstract))
    closes, score = _fit(gaps, fullest.title, fullest.abstract)
    providers = tuple(dict.fromkeys(work.provider for work in works))
    kinds = [work.kind for work in works if work.kind != "other"]
    bonus = _AGREEMENT_BONUS * (len(providers) - 1)
    bonus += _ENCYCLOPEDIA_BONUS * ("encyclopedia" in kinds)
    return Result(
        kind=kinds[0] if kinds else "other",
        title=fullest.title,
        text=fullest.abstract,
        providers=providers,
        gaps=closes,
        score=_rounded(score + bonus),
        works=tuple(works),
    )


def _fit(gaps: Sequence[Gap], title: str, text: str) -> tuple[tuple[int, ...], float]:
    """The gaps that it has enough words of, best first, and how well it fits the best."""
    shares = {index: _share(gap, title, text) for index, gap in enumerate(gaps)}
    closes = sorted((i for i, s in shares.items() if s >= _LEAST_SHARE), key=lambda i: -shares[i])
    return tuple(closes), shares[closes[0]] if closes else 0.0


def _share(gap: Gap, title: str, text: str) -> float:
    """0 to 1: how much of the gap's topic, or of one of its queries, it has; titles count more."""
    of_title, of_all = set(content_stems(title)), set(content_stems(f"{title}\n{text}"))
    best = 0.0
    for wanted in (set(content_stems(said)) for said in (gap.topic, *gap.queries)):
        if wanted:
            in_all, in_title = len(wanted & of_all), len(wanted & of_title)
            best = max(best, (0.75 * in_all + 0.25 * in_title) / len(wanted))
    return best


def _rounded(score: float) -> float:
    return round(score, 4)
