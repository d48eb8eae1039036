"""Which sentences, and in which of their forms, use the words asked for best."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

# What a form loses for each part of its content words that is said already.
_SAID_ALREADY = 0.3
_MOST_STARTS = 4
_LEAST_GAIN = 1e-9

Chosen = tuple["Form", ...]


@dataclass(frozen=True)
class Form:
    """A way to say what stands at `places`, which follow each other.

    `worth` is the share of its words worth having; what `leans_back` can't be understood without
    the sentence before it.
    """

    places: tuple[int, ...]
    text: str
    worth: float
    words: int
    stems: frozenset[str]
    leans_back: bool = False


def fill(forms: Sequence[Form], max_words: int, wanted: Sequence[Form] = ()) -> list[Form]:
    """The forms to take, in the text's order: at most one of a place, at most `max_words` in all.

    What they are worth together is measured as a summary of that length would be: words worth
    having against words spent and words asked for. From one form on, another is added while that
    helps, or changed for one that helps more. One of the `wanted` is among them if any fits.
    """
    fitting = [form for form in forms if form.words <= max_words]
    starts = [form for form in wanted if form in fitting] or sorted(
        (form for form in fitting if not form.leans_back),
        key=lambda form: -_merit((form,), max_words),
    )[:_MOST_STARTS]
    climbed: list[Chosen] = [_climbed(start, fitting, max_words) for start in starts]
    best = max(climbed, key=lambda chosen: _merit(chosen, max_words), default=())
    return list(best)


def _climbed(start: Form, forms: Sequence[Form], max_words: int) -> Chosen:
    chosen: Chosen = (start,)
    while True:
        more = _best(_with_one_more(chosen, forms, max_words), chosen, max_words)
        if more is chosen:
            more = _best(_with_another(chosen, start, forms, max_words), chosen, max_words)
        if more is chosen:
            return chosen
        chosen = more


def _best(options: Iterable[Chosen], chosen: Chosen, max_words: int) -> Chosen:
    """The best of the options if it is better than what is chosen."""
    reached = _merit(chosen, max_words) + _LEAST_GAIN
    best = max(options, key=lambda one: _merit(one, max_words), default=chosen)
    return best if _merit(best, max_words) > reached else chosen


def _with_one_more(chosen: Chosen, forms: Sequence[Form], max_words: int) -> Iterator[Chosen]:
    left = max_words - sum(form.words for form in chosen)
    taken = {place for form in chosen for place in form.places}
    for form in forms:
        if form.words <= left and taken.isdisjoint(form.places):
            yield (*sorted((*chosen, form), key=lambda one: one.places),)


def _with_another(
    chosen: Chosen, kept: Form, forms: Sequence[Form], max_words: int
) -> Iterator[Chosen]:
    for given_up in chosen:
        if given_up is not kept:
            rest = tuple(form for form in chosen if form is not given_up)
            yield from _with_one_more(rest, forms, max_words)


def _merit(chosen: Chosen, max_words: int) -> float:
    gained, spent = 0.0, 0
    said: set[str] = set()
    last = -1
    for form in chosen:
        goes_on = spent > 0 and form.places[0] == last + 1
        if form.leans_back and not goes_on:
            return 0.0
        repeated = len(form.stems & said) / len(form.stems) if form.stems else 0.0
        worth = form.worth - _SAID_ALREADY * repeated
        gained += max(0.0, worth) * form.words
        spent += form.words
        said |= form.stems
        last = form.places[-1]
    return 2 * gained / (spent + max_words)
