"""Chats exported as JSON: who says what is kept, what is no chat is refused with its reason."""

from __future__ import annotations

import json
from typing import Any

import pytest

from backend.agents.synopsis_manager.units import units_of
from backend.documents import Document, DocumentRefused, read_document
from backend.domain.session_memory import Material

TURNS = "Ann: What is paging?\n\nBob: It maps pages to frames."
SLACK_ANN = {"real_name": "Ann Lee"}


def _read(value: Any, name: str = "talk.json") -> Document:
    return read_document(name, "application/json", json.dumps(value).encode())


def _refusal(text: str) -> DocumentRefused:
    with pytest.raises(DocumentRefused) as refused:
        read_document("talk.jsonl", None, text.encode("utf-8", "surrogatepass"))
    return refused.value


@pytest.mark.parametrize(
    ("who", "what"),
    [
        ("speaker", "text"),
        ("author", "content"),
        ("from", "message"),
        ("user", "body"),
        ("role", "content"),
        ("from", "value"),
        ("sender_name", "content"),
    ],
)
def test_messages_are_known_by_who_and_what(who: str, what: str) -> None:
    messages = [
        {who: "ann", what: "What is paging?"},
        {who: "Bob", what: "It maps pages to frames."},
    ]
    lines = "\n".join(json.dumps(message) for message in messages)
    assert _read(messages).text == TURNS
    assert read_document("talk.jsonl", None, lines.encode()).text == TURNS
    document = _read({"title": "Memory", "messages": messages})
    assert (document.text, document.title) == (TURNS, "Memory")
    assert (document.format, document.kind, document.language) == ("json", "chat", "en")


def test_threads_stand_apart_under_their_titles() -> None:
    said = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]
    rows = [
        {"title": "One", "messages": said},
        {"title": "Two", "messages": said},
        {"messages": said},
    ]
    turns = "User: Hi\n\nAssistant: Hello"
    assert _read(rows).text == (
        f"## One\n\n{turns}\n\n* * *\n\n## Two\n\n{turns}\n\n* * *\n\n{turns}"
    )


def test_telegram() -> None:
    document = _read(
        {
            "name": "Учёба",
            "type": "private_group",
            "messages": [
                {"type": "service", "actor": "Аня", "action": "create_group", "text": "создала"},
                {
                    "type": "message",
                    "date_unixtime": "1704099600",
                    "from": "Аня 🌸",
                    "text": ["Смотрите ", {"type": "link", "text": "https://example.org"}, " там"],
                },
                {"type": "message", "from": None, "from_id": "user7", "text": "Вижу"},
                {"type": "message", "from": "Аня 🌸", "photo": "a.jpg", "text": ""},
            ],
        }
    )
    assert document.text == "Аня: Смотрите https://example.org там\n\nUser7: Вижу"
    assert document.title == "Учёба"


def test_slack_names_people_and_links() -> None:
    said = "hi <@U02ABCDEF>, see <https://example.org/a|the doc> &amp; ask <@U01ABCDEF>"
    document = _read(
        [
            {"type": "message", "user": "U01ABCDEF", "text": said, "user_profile": SLACK_ANN},
            {"type": "message", "subtype": "channel_join", "user": "U03", "text": "has joined"},
            {"type": "message", "user": "U02ABCDEF", "text": "a < b &lt; c"},
        ]
    )
    assert document.text == (
        "Ann Lee: hi @U02ABCDEF, see the doc & ask @Ann Lee\n\nU02ABCDEF: a < b < c"
    )


def test_facebook_begins_with_the_newest_and_writes_bytes_as_characters() -> None:
    def broken(text: str) -> str:
        return text.encode().decode("latin-1")

    messages = [
        {"sender_name": "Bob", "timestamp_ms": 1700000002000, "content": "ok, café"},
        {"sender_name": broken("Аня"), "timestamp_ms": 1700000001000, "content": broken("Привет")},
    ]
    assert _read({"messages": messages}).text == "Аня: Привет\n\nBob: ok, café"


def test_of_a_chatgpt_export_the_branch_last_seen_is_read() -> None:
    def node(parent: str | None, role: str, text: str) -> dict[str, Any]:
        content = {"content_type": "text", "parts": [text]}
        return {"parent": parent, "message": {"author": {"role": role}, "content": content}}

    mapping = {
        "a": {"parent": None, "message": None},
        "b": node("a", "user", "What is paging?"),
        "c": node("b", "assistant", "A first answer."),
        "d": node("b", "assistant", "It maps pages."),
    }
    document = _read([{"title": "Paging", "current_node": "d", "mapping": mapping}])
    assert document.text == "User: What is paging?\n\nAssistant: It maps pages."
    loop = {"a": node("b", "user", "x"), "b": node("a", "bot", "y")}
    assert _read({"current_node": "a", "mapping": loop}).text == "Bot: y\n\nUser: x"


def test_every_reply_of_a_tree_is_read() -> None:
    tree = {
        "role": "prompter",
        "text": "Why?",
        "replies": [{"role": "assistant", "text": "So."}, {"role": "assistant", "text": "Not so."}],
    }
    text = "Prompter: Why?\n\nAssistant: So.\n\nAssistant: Not so."
    assert _read({"prompt": tree}).text == text


def test_names_can_be_told_apart_and_are_left_out_where_one_speaks() -> None:
    names = ["Аня 🌸", "Аня 🌞", "+7 900 000", "李雷", "vasya_91"]
    document = _read([{"from": name, "text": "Слушаю вас"} for name in names])
    assert [turn.partition(":")[0] for turn in document.text.split("\n\n")] == [
        *("Аня", "Аня 2", "Участник 1", "Участник 2", "Vasya_91"),
    ]
    channel = [{"from": "News", "text": "One thing."}, {"from": "News", "text": "Another."}]
    assert _read(channel).text == "One thing.\n\nAnother."


def test_long_messages_stay_their_speakers_down_to_the_last_paragraph() -> None:
    answer = "```python\nx = 1\n```\nNote: this is code.\n\n- A list\n\nThe end of the answer."
    said = [{"role": "user", "content": "Show me."}, {"role": "assistant", "content": answer}] * 3
    document = _read(said)
    units = units_of(Material("m", "t", document.text, format=document.format))
    assert [(unit.kind, unit.speaker, unit.text.strip()) for unit in units[:5]] == [
        ("text", "User", "Show me."),
        ("code", "", "x = 1"),
        ("text", "Assistant", "Note: this is code."),
        ("item", "", "A list"),
        ("text", "Assistant", "The end of the answer."),
    ]


@pytest.mark.parametrize(
    "value",
    [
        [{"name": "PORT", "value": "80"}, {"name": "HOST", "value": "x"}],
        {"name": "package", "author": "Ann", "scripts": {"test": "pytest"}},
        [{"role": "user", "content": "alone"}],
        [{"from": "Ann", "text": " "}, {"from": "Bob", "text": ""}],
        "words",
        None,
        [],
        {},
    ],
)
def test_json_without_a_chat_is_refused(value: Any) -> None:
    with pytest.raises(DocumentRefused) as refused:
        _read(value)
    assert refused.value.code == "material_unsupported"
    assert "no chat" in refused.value.message


def test_what_is_no_json_is_refused_with_its_line() -> None:
    good = json.dumps({"from": "Ann", "text": "b"})
    for text in (f"{good}\n{good}\nnot json\n{good}", f'{good}\n\n{{"from": "Ann", "te'):
        refusal = _refusal(text)
        assert refusal.code == "material_corrupt"
        assert "from line 3 on" in refusal.message


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"a":' * 3_000 + "1" + "}" * 3_000,
        '[{"from":"a","text":"b","replies":' * 900 + "[]" + "}]" * 900,
    ],
)
def test_json_nested_past_reading_is_refused(text: str) -> None:
    refusal = _refusal(text)
    assert refusal.code == "material_corrupt"
    assert "nested too deeply" in refusal.message


def test_numbers_without_end_nuls_and_half_characters_do_no_harm() -> None:
    text = (
        '[{"from": "A\\ud800nn", "n": %s, "text": "b\\ud800\\u0000c"},\0'
        '{"from": "Bob", "n": NaN, "text": "\\ud83d\\ude00 \0d"}]' % ("9" * 100_000)
    )
    assert read_document("a.json", None, text.encode()).text == "Ann: bc\n\nBob: 😀 d"


def test_too_much_json_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(DocumentRefused) as refused:
        read_document("a.json", None, b"[" + b"[]," * 200 + b"[]]", max_chars=100)
    assert refused.value.code == "material_too_large"
