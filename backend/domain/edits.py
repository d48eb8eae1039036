"""Which items of a synopsis a person wrote or changed: updates keep them as they are. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from pydantic import BaseModel

from backend.domain.artifacts import SynopsisItem

Marked = TypeVar("Marked", bound=BaseModel)
_MARKS = {"grounded", "repaired", "edited"}
_OWN: Mapping[str, object] = {"sources": [], "grounded": True}


def is_own(item: SynopsisItem) -> bool:
    """Whether a person wrote or changed it.

    What has neither sources nor the mark "ungrounded" no agent can have written.
    """
    return item.edited or (item.grounded and not item.sources)


def marked_edits(
    before: Sequence[SynopsisItem], after: Sequence[SynopsisItem]
) -> list[SynopsisItem]:
    """The items that a person saved, those marked `edited` that `before` doesn't have.

    What stands there unchanged, be it in another place, keeps the marks that it had: whatever marks
    the person's program sent count for nothing. An edited item was held against nothing, so that it
    is neither repaired nor ungrounded.
    """
    known = {_said(item): item for item in before}
    return [
        known.get(_said(item))
        or item.model_copy(update={"edited": True, "repaired": False, "grounded": True})
        for item in after
    ]


def with_known_marks(
    before: Sequence[Marked], after: Sequence[Marked], own: Mapping[str, object] = _OWN
) -> list[Marked]:
    """Parts of a plan or report that a person saved, with the marks of those that stood there.

    What says something else is the person's `own`: it has no sources, and nothing is claimed of it.
    """
    known = {_words_of(one): one for one in before}
    return [known.get(_words_of(one)) or one.model_copy(update=own) for one in after]


def _words_of(part: BaseModel) -> str:
    return part.model_dump_json(exclude={"sources", "grounded", "edited"})


def with_own(made: Sequence[SynopsisItem], current: Sequence[SynopsisItem]) -> list[SynopsisItem]:
    """What a model made of the `current` items, with the person's own among them in their places.

    What it made in place of an edited item, from the same passages, is dropped.
    """
    own = [item for item in current if is_own(item)]
    replaced = [(item.type, item.sources) for item in own if item.sources]
    kept = [item for item in made if item in own or (item.type, item.sources) not in replaced]
    for place, item in enumerate(current):
        if is_own(item) and item not in kept:
            before = [kept.index(earlier) for earlier in current[:place] if earlier in kept]
            kept.insert(before[-1] + 1 if before else _by_source(item, kept), item)
    return kept


def _by_source(item: SynopsisItem, others: Sequence[SynopsisItem]) -> int:
    """The place in the material's order; at the end without a source."""
    if not item.sources:
        return len(others)
    start = item.sources[0].start
    for place, other in enumerate(others):
        if other.sources and other.sources[0].start > start:
            return place
    return len(others)


def _said(item: SynopsisItem) -> str:
    return item.model_dump_json(exclude=_MARKS)
