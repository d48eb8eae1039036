"""Finds the messages in JSON of any shape: a chat has "who" and "what" over and over.

Known by their keys: lists of {role, content} and the like, Telegram, Slack, Discord, Facebook,
ChatGPT and Claude exports, trees of replies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

_WHO = (
    "speaker", "sender", "sender_name", "author", "from", "from_name", "user", "username",
    "user_name", "nick", "nickname", "bot_profile", "name", "role", "from_id", "sender_id",
    "author_id", "user_id", "bot_id",
)  # fmt: skip
_ANY_WHO = frozenset(_WHO)
_NAMES = (
    "real_name", "display_name", "global_name", "nickname", "name", "username", "first_name",
    "role", "id",
)  # fmt: skip
_WHAT = ("text", "content", "message", "body", "msg", "utterance")
# Settings are {name, value}, too: here it must be plain that somebody speaks.
_SAYS_VALUE = ("from", "speaker", "role")
_PARTS = ("parts", "text", "content", "value")
_TITLES = ("title", "name", "topic", "subject", "scenario")
_REPLIES = ("replies", "children", "comments", "answers", "responses")
_WHEN = ("timestamp_ms", "timestamp", "date_unixtime", "ts", "created_at", "date", "time")
_SORTABLE = re.compile(r"\d{9,}|\d{4}-\d\d-\d\d")
_SLACK_ID = re.compile(r"[UW][A-Z0-9]{6,}$")
# Who comes and goes says nothing.
_EVENTS = ("service", "channel_join", "channel_leave", "group_join", "group_leave")


@dataclass(frozen=True)
class Message:
    """What somebody said; `who` as the file writes it, `slack_id` what mentions call them."""

    who: str
    text: str
    when: str = ""
    slack_id: str = ""


@dataclass
class Thread:
    """Messages that belong together; `title` is empty where the file gives none."""

    title: str = ""
    messages: list[Message] = field(default_factory=list)


def threads_of(values: list[Any]) -> list[Thread]:
    """The threads that have messages, in the file's order; oldest message first."""
    threads = [Thread()]
    _walk(values, "", threads)
    for thread in threads:
        thread.messages = _oldest_first(thread.messages)
    return [thread for thread in threads if thread.messages]


def _walk(value: Any, title: str, threads: list[Thread]) -> None:
    """Add what `value` holds to the last thread, or in threads of their own."""
    if isinstance(value, list):
        for one in value:
            _walk(one, title, threads)
        return
    if not isinstance(value, dict) or _is_event(value):
        return
    message = _message(value)
    if message is not None:
        if message.text.strip():
            threads[-1].messages.append(message)
        for key in _REPLIES:
            _walk(value.get(key), title, threads)
        return
    contents = list(_contents(value))
    if not contents:
        return
    before = len(threads)
    own = _first_text(value, _TITLES) or title
    threads.append(Thread(own))
    for one in contents:
        _walk(one, own, threads)
    if any(thread.messages for thread in threads[before:]):
        threads.append(Thread(title))
    else:
        del threads[before:]


def _contents(value: dict[str, Any]) -> Iterator[Any]:
    mapping = value.get("mapping")
    if isinstance(mapping, dict):
        yield _way_to(value.get("current_node"), mapping)
        return
    yield from (one for one in value.values() if isinstance(one, dict | list))


def _way_to(last: Any, mapping: dict[str, Any]) -> list[Any]:
    """A ChatGPT export's messages from the first to the one last seen; all, if that isn't there."""
    way: list[Any] = []
    seen: set[str] = set()
    while isinstance(last, str) and last not in seen and isinstance(mapping.get(last), dict):
        seen.add(last)
        way.append(mapping[last].get("message"))
        last = mapping[last].get("parent")
    if way:
        return way[::-1]
    return [node.get("message") for node in mapping.values() if isinstance(node, dict)]


def _is_event(value: dict[str, Any]) -> bool:
    return value.get("type") in _EVENTS or value.get("subtype") in _EVENTS


def _message(value: dict[str, Any]) -> Message | None:
    """The message that `value` is; with empty text if only a picture, say, was sent."""
    if _ANY_WHO.isdisjoint(value):
        return None
    who = next((name for key in _WHO if (name := _name_of(key, value))), "")
    what = _what(value)
    if not who or not what or any(_holds_messages(value[key]) for key in what):
        return None
    text = next((said for key in what if (said := _said(value[key])).strip()), "")
    when = _first_text(value, _WHEN)
    slack_id = _SLACK_ID.match(_first_text(value, ("user",)))
    return Message(_as_meant(who), _as_meant(text), when, slack_id[0] if slack_id else "")


def _as_meant(text: str) -> str:
    """Facebook writes each byte of a letter as a character of its own."""
    try:
        return text if text.isascii() else text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _what(value: dict[str, Any]) -> list[str]:
    keys = (*_WHAT, "value") if any(key in value for key in _SAYS_VALUE) else _WHAT
    return [key for key in keys if isinstance(value.get(key), str | list | dict)]


def _name_of(key: str, value: dict[str, Any]) -> str:
    profile = value.get("user_profile") if key == "user" else None
    named = profile if isinstance(profile, dict) else value.get(key)
    if isinstance(named, dict):
        return _first_text(named, _NAMES)
    return named.strip() if isinstance(named, str) else ""


def _holds_messages(value: Any) -> bool:
    """Whether this is a list of messages rather than the pieces of one."""
    return isinstance(value, list) and any(
        isinstance(one, dict) and _what(one) and any(_name_of(key, one) for key in _WHO)
        for one in value
    )


def _said(value: Any) -> str:
    """Texts as they are; of a list of pieces those of one text in a row, whole ones apart."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return next((said for key in _PARTS if (said := _said(value.get(key)))), "")
    if not isinstance(value, list):
        return ""
    are_whole = all(isinstance(one, dict) and one.get("type") == "text" for one in value)
    return ("\n\n" if are_whole else "").join(map(_said, value))


def _first_text(value: dict[str, Any], keys: tuple[str, ...]) -> str:
    texts = (value.get(key) for key in keys)
    return next((text.strip() for text in texts if isinstance(text, str) and text.strip()), "")


def _oldest_first(messages: list[Message]) -> list[Message]:
    """Some exports begin with the newest message; where times can't be told the order stays."""
    if not messages or not all(_SORTABLE.match(message.when) for message in messages):
        return messages
    times = [(len(message.when.partition(".")[0]), message.when) for message in messages]
    is_backwards = times[0] > times[-1] and all(one >= next_ for one, next_ in pairwise(times))
    return messages[::-1] if is_backwards else messages
