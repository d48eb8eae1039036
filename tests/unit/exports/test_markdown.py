"""A synopsis as Markdown shows what it says, and nothing in it turns into markup."""

from __future__ import annotations

from backend.domain.artifacts import (
    CodeItem,
    DefinitionItem,
    HeadingItem,
    ListItem,
    NoteItem,
    Span,
    Synopsis,
    SynopsisItem,
    TextItem,
)
from backend.exports.markdown import to_markdown

HERE = [Span(material_id="m", start=0, end=1)]


def markdown(*items: SynopsisItem, language: str = "en") -> str:
    return to_markdown(Synopsis(title="Title", language=language, items=list(items)))


def test_each_kind_of_item_has_its_markup() -> None:
    shown = markdown(
        HeadingItem(level=1, text="Part"),
        TextItem(text="Words."),
        DefinitionItem(term="Term", text="Meaning."),
        ListItem(items=["one", "two"]),
        ListItem(items=["first", "second"], ordered=True),
        CodeItem(language="py", text="x = 1"),
        NoteItem(text="Careful."),
    )

    assert shown == (
        "# Title\n\n## Part\n\nWords.\n\n**Term** — Meaning.\n\n- one\n- two\n\n"
        "1. first\n2. second\n\n```py\nx = 1\n```\n\n> Careful.\n"
    )


def test_text_stays_text() -> None:
    shown = markdown(
        TextItem(text="# not a heading"),
        TextItem(text="1. not a list"),
        TextItem(text="*not* [a](link) <b>"),
        TextItem(text="two\nlines"),
    )

    assert "\n\n\\# not a heading\n\n1\\. not a list\n\n" in shown
    assert "\\*not\\* \\[a\\](link) \\<b\\>" in shown
    assert shown.endswith("two lines\n")


def test_code_with_fences_gets_a_longer_one() -> None:
    assert "````\n```\nx\n```\n````" in markdown(CodeItem(text="```\nx\n```"))


def test_what_the_material_does_not_say_is_marked() -> None:
    invented = TextItem(text="Invented.", grounded=False)

    assert "Invented.\n\n*(not in the material)*" in markdown(invented)
    assert "*(нет в материале)*" in markdown(invented, language="ru")
    assert "not in" not in markdown(TextItem(text="Said.", sources=HERE))
