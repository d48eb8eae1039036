"""What every format's reader hands back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Extracted:
    """`title` is the one the document gives itself, or None."""

    text: str
    title: str | None = None


class NestedTooDeeply(Exception):
    """Markup nested past what anybody writes."""
