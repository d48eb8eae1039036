"""From a material's text to numbered units, whatever markup it is in."""

from __future__ import annotations

import pytest

from backend.agents.synopsis_manager.blocks import blocks_of
from backend.agents.synopsis_manager.markup import prose, visible
from backend.agents.synopsis_manager.speakers import speakers_of
from backend.agents.synopsis_manager.units import Unit, units_of
from backend.domain.session_memory import Material


def read(text: str, file_format: str = "md") -> list[Unit]:
    return units_of(Material("m", "t", text, format=file_format))


def shape(text: str) -> list[tuple[str, str]]:
    return [(unit.kind, unit.text) for unit in read(text)]


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        ("A [link](http://a.b/c_(d)) and [one][ref].", "A link and one."),
        (
            "**Bold**, _slanted_ and *starred* but snake_case_name.",
            "Bold, slanted and starred but snake_case_name.",
        ),
        ("The `__init__` and `Vec<T>` types", "The __init__ and Vec<T> types"),
        (
            ":pep:`572` and ``x := 1``, see `the docs <http://a.b>`_.",
            "572 and x := 1, see the docs.",
        ),
        ("line one\n> line two", "line one line two"),
        ("A &mdash; B &amp; C", "A — B & C"),
        ("2 \\* 3 \\> 5", "2 * 3 > 5"),
        ("ends here:)", "ends here:"),
    ],
)
def test_prose_is_what_a_reader_sees(raw: str, seen: str) -> None:
    assert prose(raw) == seen


@pytest.mark.parametrize(
    "debris",
    [
        "![An image](a.png)",
        '<div class="x">',
        "{{#include ../listing.rs}}",
        "{#if fw === 'pt'}",
        "<!-- a\ncomment -->",
        '<Listing number="1" caption="a `Vec<T>` here">',
        '<CourseFloatingBanner chapter={5}\n  notebooks={[ {label: "x"} ]} />',
        "[^1]",
        "[ref]: http://example.org",
    ],
)
def test_debris_is_blanked_in_its_place(debris: str) -> None:
    text = f"Before it.\n\n{debris}\n\nAfter it."

    assert len(visible(text)) == len(text)
    assert shape(text) == [("text", "Before it."), ("text", "After it.")]


def test_code_keeps_everything_and_its_language() -> None:
    code = "let v: Vec<T> = vec![1];\n\n# not a heading"
    (unit,) = read(f"```rust,ignore\n{code}\n```")

    assert (unit.kind, unit.language, unit.text) == ("code", "rust", code)


def test_code_that_is_only_an_include_is_left_out() -> None:
    assert shape("```rust\n{{#rustdoc_include ../x.rs:here}}\n```\n\nText.") == [("text", "Text.")]


def test_headings_of_each_kind() -> None:
    text = (
        "# One\n\nTwo\n===\n\nThree\n---\n\n> ### Four\n\n1.2 Five Six\n\n"
        "CHAPTER SEVEN\n\nA sentence."
    )
    headings = [(unit.level, unit.text) for unit in read(text) if unit.kind == "heading"]

    assert headings == [
        (1, "One"),
        (1, "Two"),
        (2, "Three"),
        (3, "Four"),
        (2, "1.2 Five Six"),
        (2, "CHAPTER SEVEN"),
    ]


def test_rst_code_notes_and_header() -> None:
    text = (
        "PEP: 1\nTitle: A Title\nAuthor: Ann\n\nPart\n====\n\nLike this::\n\n"
        "    # code\n    x = 1\n\n"
        ".. image:: a.png\n\n.. code-block:: python\n\n   y = 2\n\nEnd."
    )

    assert shape(text) == [
        ("heading", "A Title"),
        ("heading", "Part"),
        ("text", "Like this"),
        ("code", "    # code\n    x = 1"),
        ("code", "   y = 2"),
        ("text", "End."),
    ]


def test_lists_with_what_goes_on_below_them() -> None:
    units = read("Three:\n\n1. one\n   more\n2. two\n\n   - inner\n\n* star")

    assert [(unit.kind, unit.text, unit.level, unit.ordered) for unit in units] == [
        ("text", "Three:", 1, False),
        ("item", "one more", 1, True),
        ("item", "two", 1, True),
        ("item", "inner", 2, False),
        ("item", "star", 1, False),
    ]


def test_tables_and_rules_are_left_out() -> None:
    assert shape("Before.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n---\n\nAfter.") == [
        ("text", "Before."),
        ("text", "After."),
    ]


def test_a_paragraph_broken_over_blank_lines_is_one() -> None:
    assert shape("It was the chosen\n\nsolution for all. Next.") == [
        ("text", "It was the chosen solution for all."),
        ("text", "Next."),
    ]


def test_turns_of_a_conversation_have_their_speaker() -> None:
    text = "\n".join(
        f"{name}: Um, I say {n} things." for n in range(4) for name in ("Ann", "Bob B")
    )
    units = read(text)

    assert speakers_of(text) == {"Ann", "Bob B"}
    assert units[0].speaker == "Ann"
    assert units[1].speaker == "Bob B"
    assert units[0].text == "I say 0 things."


def test_a_text_with_colons_is_no_conversation() -> None:
    assert (
        speakers_of("Note: this.\n\nA long text follows.\n\nWarning: that.\n\nMore text.")
        == frozenset()
    )


def test_spans_are_exact_in_the_materials_text() -> None:
    text = "Intro with a [link](x).  Second one.\n\n> Quoted text\n> goes on.\n\n- item *one*\n"
    units = read(text)

    assert [text[unit.start : unit.end] for unit in units] == [
        "Intro with a [link](x).",
        "Second one.",
        "Quoted text\n> goes on.",
        "item *one*",
    ]
    assert [unit.number for unit in units] == [1, 2, 3, 4]


@pytest.mark.parametrize("text", ["", "\n\n", "---", "```", "***", "| |", "<div>", "# ", ">", "- "])
def test_nothing_to_read_is_no_error(text: str) -> None:
    assert blocks_of(text) == [] or shape(text) == []


def test_a_megabyte_on_one_line_stays_quick() -> None:
    text = "This is a sentence of a very long line [with](link) and `code`. " * 15_000

    assert len(read(text)) == 15_000


def test_code_that_is_announced_needs_little_indent() -> None:
    text = "The file will be::\n\n  [build-system]\n  # A comment.\n  requires = []\n\nIt is short."
    assert [(b.kind, text[b.start : b.end]) for b in blocks_of(text)] == [
        ("paragraph", "The file will be::"),
        ("code", "  [build-system]\n  # A comment.\n  requires = []"),
        ("paragraph", "It is short."),
    ]
