"""Keeps the values of configured secrets out of what is printed, logged and told.

A last line of defence against code of others: an agent that prints its environment, a library that
repeats a key. What Offstage doesn't know to be secret, or what has been encoded, it can't find.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from backend.settings import Settings

HIDDEN = "[secret]"
# Shorter ones are words that texts have anyway.
_SHORTEST = 8
_NAMES = re.compile(r"(?:_API_KEY|_TOKEN|_PASSWORD|_SECRET|_SECRET_KEY)$")
_NOTHING = re.compile(r"(?!)")


@dataclass
class _Known:
    """What this process hides."""

    pattern: re.Pattern[str] = _NOTHING


_known = _Known()


def remember_secrets(settings: Settings, environment: Mapping[str, str] = os.environ) -> None:
    """From now on hide the passwords of `settings` and the environment's keys and tokens."""
    found = {value.strip() for name, value in environment.items() if _NAMES.search(name)}
    for url in (settings.redis_url, settings.database_url):
        if url is not None and (password := urlsplit(url.get_secret_value()).password):
            found |= {password, unquote(password)}
    long_enough = sorted((each for each in found if len(each) >= _SHORTEST), key=len, reverse=True)
    values = "|".join(map(re.escape, long_enough))
    _known.pattern = re.compile(values) if values else _NOTHING


def hide_secrets(text: str) -> str:
    """The text, with each secret's value replaced."""
    return _known.pattern.sub(HIDDEN, text)


def holds_a_secret(text: str) -> bool:
    """Whether a secret's value is in it."""
    return _known.pattern.search(text) is not None


class _HidingStream(io.TextIOWrapper):
    def write(self, text: str) -> int:
        super().write(hide_secrets(text))
        return len(text)


def hide_what_is_printed() -> None:
    """Let what anything in this process prints go through `hide_secrets`."""
    sys.stdout = _HidingStream(sys.stdout.buffer, encoding="utf-8", line_buffering=True)
    sys.stderr = _HidingStream(sys.stderr.buffer, encoding="utf-8", line_buffering=True)
