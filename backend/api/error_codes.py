"""The codes that the errors of Offstage's own have, for the API's document and whoever reads it."""

from __future__ import annotations

from backend import errors
from backend.documents import errors as refusals
from backend.errors import OffstageError


def known_codes() -> list[str]:
    """Every code of the trees in `backend.errors` and `backend.documents.errors`.

    Those for what isn't there (`session_not_found`, …) are named as they arise, and an agent from
    elsewhere may raise errors with codes of its own.
    """
    classes = [*vars(errors).values(), *vars(refusals).values()]
    return sorted(
        {one.code for one in classes if isinstance(one, type) and issubclass(one, OffstageError)}
    )
