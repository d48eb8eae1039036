"""Sources are passages that say what the item says; the rest is marked."""

from __future__ import annotations

import pytest

from backend.agents.synopsis_manager.grounding import Claim, find_quote, supports, verify
from backend.agents.synopsis_manager.items import claim_of, code_item, spans_of
from backend.agents.synopsis_manager.notes import DraftItem
from backend.agents.synopsis_manager.units import Unit, units_of
from backend.domain.artifacts import (
    CodeItem,
    HeadingItem,
    Span,
    SynopsisItem,
    TextItem,
    grounding_report,
)
from backend.domain.session_memory import Material

TEXT = """Ownership is a set of rules that govern how Rust manages memory.
Each value has exactly 1 owner at a time.
When the owner goes out of scope, the value is dropped.

```rust
let s = String::from("hello");
```
"""
UNITS = units_of(Material("m", "t", TEXT))
RUSSIAN = units_of(
    Material("r", "t", "Владелец не меняется дважды. Всё новое «проверяет» компилятор Rust.")
)


def passages(claim: Claim, units: list[Unit] = UNITS) -> list[int]:
    return [unit.number for unit in verify(claim, units).passages]


@pytest.mark.parametrize(
    ("statement", "is_said"),
    [
        ("Ownership governs how Rust manages memory.", True),
        ("The rules of ownership govern memory in Rust.", True),
        ("Ownership was invented by a committee in Paris.", False),
        ("Ownership is a set of 3 rules.", False),
        ("Ownership governs how Rust and Java manage memory.", False),
        ("Ownership doesn't govern how Rust manages memory.", False),
        ("Ownership is not only a set of rules that govern memory.", True),
    ],
)
def test_a_passage_supports_what_it_says(statement: str, is_said: bool) -> None:
    assert supports(UNITS[0].text, statement) is is_said


@pytest.mark.parametrize(
    ("passage", "statement", "is_said"),
    [
        ("The value isn't dropped here.", "The value is dropped here.", False),
        ("The value isn't dropped here.", "Here the value is not dropped.", True),
        ("Память не освобождается сама.", "Память освобождается сама.", False),
        ("Память освобождается сама.", "Память никогда не освобождается сама.", False),
        ("It is moved, not copied, and dropped.", "It is moved and dropped.", True),
        ("Each value has an owner.", "Each value has no owner.", False),
    ],
)
def test_the_opposite_is_not_support(passage: str, statement: str, is_said: bool) -> None:
    assert supports(passage, statement) is is_said


def test_between_languages_numbers_and_names_are_compared() -> None:
    passage = "In 1978 Lamport proposed logical clocks."

    assert supports(passage, "В 1978 году Lamport предложил логические часы.")
    assert not supports(passage, "В 1979 году Lamport предложил логические часы.")
    assert not supports(passage, "В 1978 году Dijkstra предложил логические часы.")


def test_the_cited_passage_is_taken() -> None:
    assert passages(Claim("A value has 1 owner.", (2,))) == [2]


def test_a_wrong_citation_is_put_right() -> None:
    assert passages(Claim("A value has 1 owner.", (1,))) == [2]


@pytest.mark.parametrize(
    ("quote", "units", "found"),
    [
        ("exactly 1 owner at a time", UNITS, [2]),
        ("how Rust manages memory. Each value", UNITS, [1, 2]),
        ("EXACTLY  1 owner - at a time", UNITS, [2]),
        ("все новое проверяет компилятор", RUSSIAN, [2]),
        ("When the owner goes out of the scope, value is droped", UNITS, [3]),
        ("exactly 2 owners at a time", UNITS, []),
        ("the value is not dropped", UNITS, []),
        ("a committee in Paris", UNITS, []),
        ("", UNITS, []),
    ],
)
def test_a_quotation_is_found_as_it_is_normalised_or_nearly(
    quote: str, units: list[Unit], found: list[int]
) -> None:
    assert [unit.number for unit in find_quote(quote, units)] == found


def test_a_quotation_that_is_not_there_fails_the_claim() -> None:
    verdict = verify(Claim("A value has 1 owner.", (2,), "said by nobody at all"), UNITS)

    assert (verdict.holds, verdict.objection) == (False, "The quotation isn't in the material.")


def test_a_quotation_corrects_the_citation() -> None:
    assert passages(Claim("A value has 1 owner.", (), "has exactly 1 owner")) == [2]


def test_what_is_nowhere_has_no_sources_and_is_told_why() -> None:
    verdict = verify(Claim("The value is dropped in 5 seconds.", (3,)), UNITS)

    assert verdict.passages == ()
    assert verdict.objection == "The cited sentences don't have “5”."


def test_a_heading_names_a_subject_and_asserts_nothing() -> None:
    draft = DraftItem(kind="heading", text="Сборка мусора", cites=[1])

    assert [u.number for u in verify(claim_of(draft), RUSSIAN[:1]).passages] == []
    told = DraftItem(kind="heading", text="Владелец меняется", cites=[1])
    assert [u.number for u in verify(claim_of(told), RUSSIAN[:1]).passages] == [1]


def test_neighbouring_sentences_are_one_source() -> None:
    draft = DraftItem(kind="text", text=f"{UNITS[0].text} {UNITS[1].text}", cites=[1, 2, 99])
    spans = spans_of(verify(claim_of(draft), UNITS).passages)

    assert [TEXT[s.start : s.end] for s in spans] == [f"{UNITS[0].text}\n{UNITS[1].text}"]


def test_code_is_copied_from_the_material_whatever_the_model_wrote() -> None:
    item = code_item(DraftItem(kind="code", text="let s = 1;", cites=[4]), UNITS)

    assert item == CodeItem(
        language="rust", text='let s = String::from("hello");', sources=[UNITS[3].span]
    )


def test_invented_code_is_left_out() -> None:
    assert code_item(DraftItem(kind="code", text="rm -rf /", cites=[1]), UNITS) is None


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


def test_the_report_counts_what_stands_on_what() -> None:
    span = Span(material_id="m", start=0, end=1)
    items: list[SynopsisItem] = [
        HeadingItem(text="Head", grounded=False),
        TextItem(text="said", sources=[span]),
        TextItem(text="put right", sources=[span], repaired=True),
        TextItem(text="invented", grounded=False),
        TextItem(text="a person's own"),
        TextItem(text="said otherwise", sources=[span], edited=True),
    ]
    report = grounding_report(items)

    assert report.model_dump() == {
        "items": 5,
        "grounded": 2,
        "repaired": 1,
        "ungrounded": 1,
        "own": 2,
        "injections": 0,
        "dropped": 0,
    }
