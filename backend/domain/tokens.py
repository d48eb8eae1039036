"""What a token of AUTH_MODE=token looks like, and how it is recognised.

A token is 256 random bits. Its SHA-256 is stored: nobody can go through that many values, so the
slow, salted hashes that people's passwords need would protect nothing more here, and would cost
every request their time.
"""

from __future__ import annotations

import hashlib
import re
import secrets

# The prefix lets scanners for leaked secrets, and people, see what it is.
_PREFIX = "offstage_"
_TOKEN = re.compile(rf"{_PREFIX}[A-Za-z0-9_-]{{43}}")
_RANDOM_BYTES = 32


def new_token() -> str:
    """A fresh token. Show it once; keep `digest_of` it."""
    return _PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)


def is_token(text: str) -> bool:
    """Whether `new_token` could have made this: anything else needn't be looked up."""
    return _TOKEN.fullmatch(text) is not None


def digest_of(token: str) -> str:
    """What is stored of a token: the SHA-256 in hex digits."""
    return hashlib.sha256(token.encode()).hexdigest()
