"""Sources are passages that say what the item says; the rest is marked."""

from __future__ import annotations

import pytest

from backend.agents.synopsis_manager.grounding import passages_for, supports
from backend.agents.synopsis_manager.items import item_of
from backend.agents.synopsis_manager.notes import DraftItem
from backend.agents.synopsis_manager.units import units_of
from backend.domain.artifacts import CodeItem
from backend.domain.session_memory import Material

TEXT = """Ownership is a set of rules that govern how Rust manages memory.
Each value has exactly 1 owner at a time.
When the owner goes out of scope, the value is dropped.

```rust
let s = String::from("hello");
```
"""
UNITS = units_of(Material("m", "t", TEXT))


@pytest.mark.parametrize(
    ("statement", "is_said"),
    [
        ("Ownership governs how Rust manages memory.", True),
        ("The rules of ownership govern memory in Rust.", True),
        ("Ownership was invented by a committee in Paris.", False),
        ("Ownership is a set of 3 rules.", False),
    ],
)
def test_a_passage_supports_what_it_says(statement: str, is_said: bool) -> None:
    assert supports(UNITS[0].text, statement) is is_said


def test_between_languages_numbers_and_names_are_compared() -> None:
    passage = "In 1978 Lamport proposed logical clocks."

    assert supports(passage, "В 1978 году Lamport предложил логические часы.")
    assert not supports(passage, "В 1979 году Lamport предложил логические часы.")
    assert not supports(passage, "В 1978 году Dijkstra предложил логические часы.")


def test_the_cited_passage_is_taken() -> None:
    assert passages_for("A value has 1 owner.", [UNITS[1]], UNITS) == [UNITS[1]]


def test_a_wrong_citation_is_put_right() -> None:
    assert passages_for("A value has 1 owner.", [UNITS[0]], UNITS) == [UNITS[1]]


def test_what_is_nowhere_has_no_sources() -> None:
    item = item_of(DraftItem(kind="text", text="Borrow checkers love coffee.", cites=[1]), UNITS)

    assert item is not None
    assert (item.grounded, item.sources) == (False, [])


def test_neighbouring_sentences_are_one_source() -> None:
    draft = DraftItem(kind="text", text=f"{UNITS[0].text} {UNITS[1].text}", cites=[1, 2, 99])
    item = item_of(draft, UNITS)

    assert item is not None
    assert item.grounded
    assert [TEXT[s.start : s.end] for s in item.sources] == [f"{UNITS[0].text}\n{UNITS[1].text}"]


def test_code_is_copied_from_the_material_whatever_the_model_wrote() -> None:
    item = item_of(DraftItem(kind="code", text="let s = 1;", cites=[4]), UNITS)

    assert item == CodeItem(
        language="rust", text='let s = String::from("hello");', sources=[UNITS[3].span]
    )


def test_invented_code_is_left_out() -> None:
    assert item_of(DraftItem(kind="code", text="rm -rf /", cites=[1]), UNITS) is None


@pytest.mark.parametrize(
    "draft",
    [
        {"kind": "text"},
        {"kind": "definition", "text": "x"},
        {"kind": "list", "points": [" "]},
        {"kind": "code"},
        {"kind": "song", "text": "x"},
    ],
)
def test_an_item_without_its_parts_is_refused(draft: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"kind|give|cite"):
        DraftItem.model_validate(draft)
