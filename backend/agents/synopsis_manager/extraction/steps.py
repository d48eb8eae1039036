"""Sentences that go a step through the material («Теперь добавим…»): no abstract needs them."""

from __future__ import annotations

import re

_STEP = re.compile(
    r"(?:now|next|then|first|let|suppose|imagine|теперь|сначала|далее|затем|потом|давайте|"
    r"представьте|представим|предположим|допустим|"
    r"мы (?:добав|измен|определ|созда|использ|напи|реализ|начн)\w+)\b",
    re.IGNORECASE,
)


def is_step(sentence: str) -> bool:
    """Whether it does the next thing, or has the reader imagine one, instead of telling of it."""
    return bool(_STEP.match(sentence))
