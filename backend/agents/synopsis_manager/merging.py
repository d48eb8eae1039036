"""Merges what a model wrote on parts it saw apart: nothing said twice, no longer than asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from backend.agents.text.claims import negated
from backend.agents.text.words import content_stems, count_words, numbers
from backend.domain.artifacts import (
    CodeItem,
    HeadingItem,
    NoteItem,
    SynopsisItem,
    TextItem,
    words_of,
)
from backend.domain.edits import is_own

# An item most of whose words an earlier one has says nothing new; shorter ones are left alone.
_SAID_SHARE = 0.9
_FEWEST_STEMS = 4
# A model may overrun its allowance by this much before anything is cut.
OVERRUN = 1.15


def without_near_repeats(items: Sequence[SynopsisItem]) -> list[SynopsisItem]:
    """Drops paragraphs and notes that say in other words what an earlier item says.

    A number or a negation that the earlier one doesn't have makes it another statement.
    """
    kept: list[SynopsisItem] = []
    earlier: list[tuple[set[str], set[str], set[str]]] = []
    for item in items:
        if isinstance(item, HeadingItem | CodeItem):
            kept.append(item)
            continue
        said = words_of(item)
        stems = set(content_stems(said))
        is_repeat = isinstance(item, TextItem | NoteItem) and len(stems) >= _FEWEST_STEMS
        if (
            is_repeat
            and not is_own(item)
            and any(
                len(stems & known) >= _SAID_SHARE * len(stems)
                and numbers(said) <= known_numbers
                and negated(said) == known_negated
                for known, known_numbers, known_negated in earlier
            )
        ):
            continue
        earlier.append((stems, numbers(said), negated(said)))
        kept.append(item)
    return kept


def within(
    items: Sequence[SynopsisItem], max_words: int, overrun: float = OVERRUN
) -> list[SynopsisItem]:
    """The items, without the least central paragraphs, lists and notes while they are too long.

    Headings, definitions, code, a person's words and the first item, the summary, stay.
    """
    kept = list(items)
    total = sum(_length(item) for item in kept)
    centrality = _centrality(items)
    for place in sorted(range(1, len(items)), key=lambda place: centrality[place]):
        if total <= max_words * overrun:
            break
        item = items[place]
        if item.type in ("text", "list", "note") and not is_own(item):
            kept.remove(item)
            total -= _length(item)
    return kept


def _length(item: SynopsisItem) -> int:
    return 0 if isinstance(item, CodeItem) else count_words(words_of(item))


def _centrality(items: Sequence[SynopsisItem]) -> list[float]:
    """How much each item's words come up in the others: what is said nowhere else goes first."""
    stems = [set(content_stems(words_of(item))) for item in items]
    often = Counter(stem for one in stems for stem in one)
    return [sum(often[stem] - 1 for stem in one) / max(1, len(one)) for one in stems]
