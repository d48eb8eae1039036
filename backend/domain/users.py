"""How users are told apart: the one place that makes a user's id.

An id stands in Redis keys between colons and in SQL as the owner of everything a user has. So it
is short, holds no colon, and no two spellings of one name make two ids.
"""

from __future__ import annotations

import hashlib
import re

LOCAL_USER = "local"
"""The one user of AUTH_MODE=local. A token user of this name gets what was made in that mode."""

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
# No name has a tilde, so nobody whom an issuer vouches for can be a user of a token.
_SUBJECT = "jwt~"
_HASHED_SUBJECT = "jwt~~"


def user_id_of_name(name: str) -> str:
    """The id of a user that an operator names: the name in lower case.

    Raises ValueError, whose text says what a name may have, for anything but 1 to 64 ASCII
    letters, digits, `.`, `_` and `-`; look-alikes of other alphabets are refused with the rest.
    """
    user_id = name.strip().lower() if name.isascii() else ""
    if not _NAME.fullmatch(user_id):
        raise ValueError(
            "A name has 1 to 64 Latin letters, digits, '.', '_' or '-', and starts with a letter "
            "or a digit."
        )
    return user_id


def user_id_of_subject(subject: str) -> str:
    """The id of a token's `sub`, which its issuer chose and which is compared exactly (RFC 7519).

    A plain one stays readable; any other is told by its SHA-256.
    """
    if _NAME.fullmatch(subject):
        return f"{_SUBJECT}{subject}"
    digest = hashlib.sha256(subject.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{_HASHED_SUBJECT}{digest}"


def is_subject_id(user_id: str) -> bool:
    """Whether `user_id_of_subject` could have made this."""
    plain = user_id.removeprefix(_SUBJECT)
    hashed = user_id.removeprefix(_HASHED_SUBJECT)
    return user_id.startswith(_SUBJECT) and (
        _NAME.fullmatch(plain) is not None or re.fullmatch(r"[0-9a-f]{64}", hashed) is not None
    )
