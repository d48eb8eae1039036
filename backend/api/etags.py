"""Entity tags of versioned artifacts: `"<version>-<digest of the whole answer>"`.

The digest changes with anything the answer says, also with a run's progress, so a poller misses
nothing. An edit is of a version and not of a run's progress: `If-Match` looks at the number only.
"""

from __future__ import annotations

import hashlib
import re

from backend.errors import PreconditionRequired, VersionChanged

_TAG = re.compile(r'(?:W/)?"([^"]*)"')
_VERSION = re.compile(r"([1-9][0-9]{0,8})(?:-[0-9a-f]+)?")


def make_etag(version: int, body: bytes) -> str:
    """A strong tag for `body`, which shows `version`."""
    return f'"{version}-{hashlib.sha256(body).hexdigest()[:20]}"'


def is_known(if_none_match: str | None, etag: str) -> bool:
    """Whether a client that sent `If-None-Match` has what `etag` stands for."""
    if if_none_match is None:
        return False
    (opaque,) = _TAG.findall(etag)
    return if_none_match.strip() == "*" or opaque in _TAG.findall(if_none_match)


def edited_version(if_match: str | None) -> int:
    """The version that an edit was made of: an ETag as it was answered, or `"<version>"`.

    Raises PreconditionRequired without the header or with `*`, which names no version, and
    VersionChanged for a tag that is none of ours.
    """
    if if_match is None or if_match.strip() == "*":
        raise PreconditionRequired(
            "Send If-Match with the ETag of the version that you changed: without it your change "
            "could undo someone else's."
        )
    tag = _TAG.fullmatch(if_match.strip())
    version = _VERSION.fullmatch(tag.group(1)) if tag else None
    if version is None:
        raise VersionChanged(
            "If-Match isn't an ETag of this artifact: send the one you were given."
        )
    return int(version.group(1))
