"""Names as they can stand in front of a turn: "Ann Lee: …"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from backend.documents.cleaning import clean_text
from backend.documents.formats.chat.messages import Message
from backend.documents.language import detect_language

_WORD = re.compile(r"[^\W_][\w.'’-]*")
_CAPITAL = re.compile(r"[A-ZА-ЯЁ]")
_MOST_WORDS = 3
_LONGEST_CHARS = 60
_NAMELESS = {"ru": "Участник"}
_SAMPLE_MESSAGES = 100


class Names:
    """How each speaker of a chat is called in its text, two never alike.

    Signs and pictures are left out of a name. What is no name then (a telephone number, say, or
    one in a script without capitals) becomes "Speaker 1".
    """

    def __init__(self, messages: Sequence[Message]) -> None:
        sample = " ".join(message.text for message in messages[:_SAMPLE_MESSAGES])
        self._nameless = _NAMELESS.get(detect_language(sample) or "", "Speaker")
        self._shown: dict[str, str] = {}
        self._slack_ids = {m.slack_id: m.who for m in messages if m.slack_id}
        taken: set[str] = set()
        for who in dict.fromkeys(message.who for message in messages):
            self._shown[who] = name = self._free(_written(who), taken)
            taken.add(name)

    @property
    def are_of_slack(self) -> bool:
        return bool(self._slack_ids)

    def shown(self, who: str) -> str:
        """Empty if nobody else speaks."""
        return self._shown.get(who, who) if len(self._shown) > 1 else ""

    def of_slack(self, user_id: str) -> str:
        """The name behind a mention; the id itself for somebody who says nothing."""
        return self._shown.get(self._slack_ids.get(user_id, ""), user_id)

    def _free(self, name: str, taken: set[str]) -> str:
        if name and name not in taken:
            return name
        number = 2 if name else 1
        while f"{name or self._nameless} {number}" in taken:
            number += 1
        return f"{name or self._nameless} {number}"


def _written(who: str) -> str:
    words = _WORD.findall(clean_text(who)[: 4 * _LONGEST_CHARS])
    name = " ".join(words[:_MOST_WORDS])[:_LONGEST_CHARS].rstrip(" .-'’")
    name = name[:1].upper() + name[1:]
    return name if _CAPITAL.match(name) else ""
