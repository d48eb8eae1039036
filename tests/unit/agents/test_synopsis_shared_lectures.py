"""Every real lecture beside the checkout: grounded, readable, quick, whatever it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from backend.agents.context import AgentContext, Material, SessionInfo, SessionMemory
from backend.agents.offline import OFFLINE_MODEL_NAME, OfflineModel
from backend.agents.registry import get_agent
from backend.agents.runner import run_agent_with_events
from backend.agents.synopsis_manager.grounding import supports
from backend.agents.synopsis_manager.markup import prose, visible
from backend.agents.text.language import detect_language
from backend.domain.artifacts import CodeItem, HeadingItem, Synopsis, SynopsisItem, words_of
from backend.domain.events import FinalResult
from tests.paths import ROOT

DATA = ROOT.parent / "shared" / "data"
LECTURES = sorted(str(path.relative_to(DATA)) for path in DATA.glob("[er][nu]/*"))
_DEBRIS = re.compile(
    r"</?(?:div|img|span|br|Tip|Youtube)\b|\]\(|\{\{#|\{#if|\*\*|^\||-->|\[\d{1,2}:\d\d\]"
    r"|\b\d\d:\d\d:\d\d\b|\[laughter\]|!\["
)
_FILLER = re.compile(r"(?<![\w-])(?:um+|uh+|hmm+|э-э+|эм+)(?![\w-])", re.IGNORECASE)
_STUTTER = re.compile(r"\b(\w{3,}) \1\b(?<!that that)(?<!had had)", re.IGNORECASE)


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


async def notes_on(path: Path) -> tuple[Synopsis, str]:
    text = read(path)
    spec = get_agent("synopsis_manager", "v1")
    memory = SessionMemory(SessionInfo("s"), (Material("m", path.name, text),))
    context = AgentContext("j", 1, memory, OfflineModel(), OFFLINE_MODEL_NAME)
    events = [e async for e in run_agent_with_events(spec, context, spec.parse_query({}))]
    assert isinstance(events[-1], FinalResult)
    return Synopsis.model_validate(events[-1].output), text


def is_said(item: SynopsisItem, text: str) -> bool:
    """Whether the cited characters are inside the item, or say what it says."""
    passages = [prose(visible(text)[s.start : s.end]) for s in item.sources]
    inside = all(passage in words_of(item) for passage in passages)
    speaker, _, said = words_of(item).partition(": ")
    unlabelled = said if speaker in text and len(speaker.split()) <= 4 else words_of(item)
    # Transcripts spell letters as "T_V_", which the notes write as a word.
    spelled = " ".join([*passages, *(passage.replace("_", "") for passage in passages)])
    is_topic = isinstance(item, HeadingItem)
    return inside or supports(spelled, unlabelled, is_topic=is_topic)


@pytest.mark.parametrize("name", LECTURES or ["(no shared data)"])
async def test_the_notes_on_a_real_lecture(name: str, shared_data: Path) -> None:
    notes, text = await notes_on(shared_data / name)
    total = sum(len(words_of(item).split()) for item in notes.items)

    assert notes.language == detect_language(text) == Path(name).parts[0]
    assert 0.04 * len(text.split()) < total <= min(1_700, 0.3 * len(text.split()))
    assert not isinstance(notes.items[-1], HeadingItem)
    for item in notes.items:
        said = words_of(item)
        assert item.grounded
        assert item.sources
        if isinstance(item, CodeItem):
            source = text[item.sources[0].start : item.sources[0].end]
            assert [line.strip() for line in source.splitlines()] == [
                line.strip() for line in said.splitlines()
            ]
            continue
        assert is_said(item, text), said
        assert not _DEBRIS.search(said), said
        assert not _FILLER.search(said), said
        assert not _STUTTER.search(said), said


async def test_eight_hundred_thousand_characters_stay_within_bounds(shared_data: Path) -> None:
    notes, _ = await notes_on(shared_data / "awkward" / "long_en_inaugural_addresses.txt")

    assert sum(len(words_of(item).split()) for item in notes.items) < 1_900


@pytest.mark.parametrize("name", ["asr_style_no_punctuation_en.txt", "long_en_single_line.txt"])
async def test_text_without_structure_gets_some(name: str, shared_data: Path) -> None:
    notes, _ = await notes_on(shared_data / "awkward" / name)
    headings = [item for item in notes.items if isinstance(item, HeadingItem)]

    assert len(headings) > 4
    assert max(len(words_of(item).split()) for item in notes.items) < 120
