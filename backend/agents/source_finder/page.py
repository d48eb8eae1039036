"""The pages that prompts show, and how the offline model reads them back.

Write in: en

<candidates>
<1> plan: Cache eviction :: why it may be a gap
</candidates>

<material>
[1] a sentence, or what was found
</material>
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from backend.agents.source_finder.candidates import Candidate
from backend.agents.source_finder.ranking import Result
from backend.agents.synopsis_manager.units import Unit
from backend.domain.sources import Gap

_HEADER = re.compile(r"(?P<key>[A-Z][a-z ]+): (?P<value>.*)$", re.MULTILINE)
_TOPIC = re.compile(r"<(?P<n>\d+)> (?P<origin>\w+): (?P<topic>.*?) :: (?P<why>.*)$", re.MULTILINE)
_FOUND = re.compile(
    r"\[(?P<n>\d+)\] \{(?P<provider>\w+)\} (?P<title>.*?) :: (?P<text>.*?) :: "
    r"for (?P<gaps>[\d, ]*)$",
    re.MULTILINE,
)
_LONGEST_SHOWN_CHARS = 700
# Number, provider and gaps of a line.
_FRAME_CHARS = 60


@dataclass(frozen=True)
class ShownTopic:
    """A candidate or a gap as its line has it."""

    number: int
    topic: str
    why: str


@dataclass(frozen=True)
class ShownResult:
    """What was found, as its line has it; `gaps` are the numbers of those it was found for."""

    number: int
    provider: str
    title: str
    text: str
    gaps: tuple[int, ...]


def show_candidates(
    headers: dict[str, str], units: Iterable[Unit], found: Sequence[Candidate]
) -> str:
    """The prompt for `Gaps`."""
    lines = [f"[{unit.number}] {_flat(unit.text)}" for unit in units if unit.kind != "code"]
    topics = [(c.origin, c.topic, c.why) for c in found]
    return _page(headers, material=lines, frame="candidates", topics=topics)


def show_results(headers: dict[str, str], gaps: Sequence[Gap], results: Sequence[Result]) -> str:
    """The prompt for `Picks`."""
    lines = [
        f"[{number}] {{{result.providers[0]}}} {_flat(result.title)} :: "
        f"{_flat(result.text)[:_LONGEST_SHOWN_CHARS]} :: "
        f"for {', '.join(str(index + 1) for index in result.gaps)}"
        for number, result in enumerate(results, start=1)
    ]
    topics = [(gap.origin, gap.topic, gap.why) for gap in gaps]
    return _page(headers, material=lines, frame="gaps", topics=topics)


def fitting(results: Sequence[Result], room_chars: int | None) -> list[Result]:
    """The first of the results that a page has room for; all where the room isn't known."""
    left = room_chars
    kept: list[Result] = []
    for result in results:
        if left is not None:
            left -= len(result.title) + min(len(result.text), _LONGEST_SHOWN_CHARS) + _FRAME_CHARS
            if left < 0:
                break
        kept.append(result)
    return kept


def read_headers(prompt: str) -> dict[str, str]:
    """The headers that a page begins with."""
    head = prompt.partition("\n\n")[0]
    return {match["key"]: match["value"] for match in _HEADER.finditer(head)}


def read_topics(prompt: str, frame: str) -> list[ShownTopic]:
    """The candidates or gaps of a page."""
    body = _inside(prompt, frame)
    return [ShownTopic(int(m["n"]), m["topic"], m["why"]) for m in _TOPIC.finditer(body)]


def read_results(prompt: str) -> list[ShownResult]:
    """What a page says was found."""
    return [
        ShownResult(
            int(match["n"]),
            match["provider"],
            match["title"],
            match["text"],
            tuple(int(number) for number in re.findall(r"\d+", match["gaps"])),
        )
        for match in _FOUND.finditer(_inside(prompt, "material"))
    ]


def _page(
    headers: dict[str, str],
    *,
    material: Sequence[str],
    frame: str,
    topics: Sequence[tuple[str, str, str]],
) -> str:
    shown = [f"{key}: {_flat(value)}" for key, value in headers.items() if value]
    of_topics = [
        f"<{number}> {origin}: {_flat(topic)} :: {_flat(why)}"
        for number, (origin, topic, why) in enumerate(topics, start=1)
    ]
    framed = [_framed(frame, of_topics), _framed("material", material)]
    return "\n\n".join(["\n".join(shown), *(framed if frame == "gaps" else reversed(framed))])


def _framed(name: str, lines: Sequence[str]) -> str:
    """Nothing in the lines can close their frame."""
    inside = "\n".join(line.replace("</", "< /") for line in lines)
    return f"<{name}>\n{inside}\n</{name}>"


def _inside(prompt: str, frame: str) -> str:
    return prompt.partition(f"<{frame}>\n")[2].partition(f"\n</{frame}>")[0]


def _flat(text: str) -> str:
    return " ".join(text.split()).replace(" :: ", " : ")
