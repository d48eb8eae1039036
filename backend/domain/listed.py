"""Lists that an agent makes and a person changes: what is theirs outlives the next run. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self, TypeVar

from pydantic import Field, StrictBool, ValidationError

from backend.domain.edits import with_known_marks
from backend.domain.events import CamelModel


class Listed(CamelModel):
    """One of such a list. `edited`: a person wrote or changed it, so that no run changes it again;
    the server marks it when the edit is saved."""

    # What is set where a person wrote or changed it.
    OWN: ClassVar[Mapping[str, object]] = {"edited": True}

    edited: StrictBool = False

    @property
    def key(self) -> str:
        """What it is known by when the list is made anew."""
        raise NotImplementedError


class Lists(CamelModel):
    """Such lists, under a title. `left_out` has the keys of what a person took out or put in other
    words: the next run doesn't bring it back."""

    LISTS: ClassVar[tuple[str, ...]]

    title: str = Field(min_length=1)
    left_out: list[str] = Field(default_factory=list)

    def listed(self, name: str) -> list[Listed]:
        """One of the lists."""
        found: list[Listed] = getattr(self, name)
        return found

    @property
    def known_by(self) -> list[str]:
        """What it is known by, and all in it."""
        return [self.title, *(one.key for name in self.LISTS for one in self.listed(name))]

    def beside(self, made: Self) -> Self:
        """These as they fit beside what was `made` anew."""
        return self


Content = TypeVar("Content", bound=Lists)


def as_changed(before: Content, after: Content) -> Content:
    """`after`, a person's change of `before`, with its marks."""
    stays = set(after.known_by)
    left_out = [*before.left_out, *before.known_by]
    marked = {name: _marked(before.listed(name), after.listed(name)) for name in after.LISTS}
    kept_out = [key for key in dict.fromkeys(left_out) if key not in stays]
    return after.model_copy(update={**marked, "left_out": kept_out})


def with_kept(made: Content, stored: Mapping[str, Any] | None) -> Content:
    """What was `made` anew, with what a person wrote into the `stored` one and without what they
    took out of it. What can't be read of the stored one isn't there."""
    try:
        current = type(made).model_validate(stored).beside(made)
    except ValidationError:
        return made
    lists = {
        name: _joined(made.listed(name), current.listed(name), current.left_out)
        for name in made.LISTS
    }
    title = current.title if made.title in current.left_out else made.title
    return made.model_copy(update={**lists, "title": title, "left_out": current.left_out})


def _marked(before: Sequence[Listed], after: Sequence[Listed]) -> list[Listed]:
    return with_known_marks(before, after, after[0].OWN) if after else []


def _joined(
    made: Sequence[Listed], current: Sequence[Listed], left_out: Sequence[str]
) -> list[Listed]:
    """The person's own in the places that they had, among the others."""
    own = {place: one for place, one in enumerate(current) if one.edited}
    known = {*left_out, *(one.key for one in own.values())}
    kept = [one for one in made if one.key not in known]
    for place, one in own.items():
        kept.insert(place, one)
    return kept
