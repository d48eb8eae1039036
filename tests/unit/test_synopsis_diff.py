"""Two versions are compared item by item and word by word."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain.artifacts import (
    DefinitionItem,
    HeadingItem,
    Synopsis,
    SynopsisItem,
    TextItem,
    words_of,
)
from backend.domain.synopsis_diff import diff_synopses, diff_words


def synopsis(*items: SynopsisItem, title: str = "T") -> Synopsis:
    return Synopsis(title=title, language="en", items=list(items))


def runs(before: str, after: str) -> list[tuple[str, str]]:
    return [(run.op, run.text) for run in diff_words(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", []),
        ("same words", "same words", [("equal", "same words")]),
        (
            "Each value has one owner.",
            "Each value has two owners.",
            [
                ("equal", "Each value has "),
                ("delete", "one"),
                ("insert", "two"),
                ("equal", " "),
                ("delete", "owner"),
                ("insert", "owners"),
                ("equal", "."),
            ],
        ),
        ("Раз", "Раз, два", [("equal", "Раз"), ("insert", ", два")]),
    ],
)
def test_words_are_compared_whole(before: str, after: str, expected: list[tuple[str, str]]) -> None:
    assert runs(before, after) == expected


def test_items_are_kept_changed_added_and_removed() -> None:
    before = synopsis(
        HeadingItem(level=2, text="Rules"),
        TextItem(text="Each value has one owner at a time."),
        TextItem(text="Something about cats and dogs."),
        DefinitionItem(term="Owner", text="who drops it"),
    )
    after = synopsis(
        HeadingItem(level=2, text="Rules"),
        TextItem(text="Each value has two owners at a time."),
        DefinitionItem(term="Owner", text="who drops it"),
        TextItem(text="A new remark."),
        title="T2",
    )
    found = diff_synopses(before, after)

    assert [(item.change, item.type) for item in found.items] == [
        ("same", "heading"),
        ("changed", "text"),
        ("removed", "text"),
        ("same", "definition"),
        ("added", "text"),
    ]
    assert (found.added, found.removed, found.changed) == (1, 1, 1)
    assert [(run.op, run.text) for run in found.title] == [("delete", "T"), ("insert", "T2")]
    assert found.items[0].level == 2


def test_very_long_texts_are_replaced_as_a_whole() -> None:
    before, after = "a " * 3_000, "b " * 3_000

    assert runs(before, after) == [("delete", before), ("insert", after)]
    assert runs(before, before) == [("equal", before)]


_ITEMS = st.lists(
    st.text(alphabet="abc .,", min_size=1, max_size=20).map(lambda text: TextItem(text=text)),
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(_ITEMS, _ITEMS)
def test_both_versions_can_be_read_out_of_their_difference(
    before: list[SynopsisItem], after: list[SynopsisItem]
) -> None:
    found = diff_synopses(synopsis(*before), synopsis(*after)).items
    old = ["".join(r.text for r in i.runs if r.op != "insert") for i in found]
    new = ["".join(r.text for r in i.runs if r.op != "delete") for i in found]
    old = [said for said, item in zip(old, found, strict=True) if item.change != "added"]
    new = [said for said, item in zip(new, found, strict=True) if item.change != "removed"]

    assert old == [words_of(item) for item in before]
    assert new == [words_of(item) for item in after]
