"""A chat's JSON as text: each turn begins with its speaker's name, what goes on is indented."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from backend.documents.cleaning import clean_text
from backend.documents.formats.chat.messages import Message, Thread, threads_of
from backend.documents.formats.chat.names import Names
from backend.documents.formats.chat.values import NoJson, json_values
from backend.documents.formats.extracted import Extracted

__all__ = ["NoChat", "NoJson", "read_chat"]

_FEWEST_MESSAGES = 2
# What begins a block of its own can't stand behind a name.
_MARK = re.compile(r"(?:#{1,6}\s|[-*+•]\s|\d{1,3}[.)]\s|[>|]|`{3}|~{3})")
_SLACK_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|([^<>]*))?>")
_SLACK_LINK = re.compile(r"<((?:https?|mailto):[^<>|\s]+)(?:\|([^<>]*))?>")
_BETWEEN = "* * *"


class NoChat(Exception):
    """The JSON holds no messages, or only one."""


def read_chat(text: str) -> Extracted:
    """The messages in order, threads apart, under their titles where they have some.

    Where only one speaks, as in a channel, the name goes without saying and is left out.

    Raises:
        NoJson: it isn't JSON, or is cut off.
        NoChat: it is JSON, but nobody says anything in it.
    """
    threads = threads_of(json_values(text))
    messages = [message for thread in threads for message in thread.messages]
    if len(messages) < _FEWEST_MESSAGES:
        raise NoChat
    names = Names(messages)
    titles = {thread.title for thread in threads}
    blocks = list(_blocks(threads, names))
    title = titles.pop() if len(titles) == 1 else ""
    return Extracted("\n\n".join(blocks), title or None)


def _blocks(threads: Sequence[Thread], names: Names) -> Iterator[str]:
    several = len({thread.title for thread in threads}) > 1
    before: str | None = None
    for thread in threads:
        if before is not None:
            yield _BETWEEN
        if several and thread.title and thread.title != before:
            yield f"## {' '.join(thread.title.split())}"
        before = thread.title
        yield from (_turn(message, names) for message in thread.messages)


def _turn(message: Message, names: Names) -> str:
    text = clean_text(_without_slack_marks(message.text, names)).strip()
    first, *others = text.split("\n")
    name = names.shown(message.who)
    if not name:
        return text
    opening = f"{name}:\n {first}" if _MARK.match(first) else f"{name}: {first.strip()}"
    return "\n".join([opening, *(f" {line}" if line.strip() else "" for line in others)])


def _without_slack_marks(text: str, names: Names) -> str:
    if not names.are_of_slack:
        return text
    named = _SLACK_MENTION.sub(lambda match: f"@{match[2] or names.of_slack(match[1])}", text)
    return html.unescape(_SLACK_LINK.sub(lambda match: match[2] or match[1], named))
