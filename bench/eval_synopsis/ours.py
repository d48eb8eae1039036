"""The offline notes, made by the agent itself as a worker would run it."""

from __future__ import annotations

from backend.agents.context import AgentContext, Material, SessionInfo, SessionMemory
from backend.agents.offline import OFFLINE_MODEL_NAME, OfflineModel
from backend.agents.registry import get_agent
from backend.agents.runner import run_agent_with_events
from backend.domain.artifacts import CodeItem, Synopsis, words_of
from backend.domain.events import FinalResult

_FEWEST_WORDS = 20


async def notes_on(source: str, max_words: int | None = None) -> Synopsis:
    """The notes on `source` alone: its title isn't told, since the other contenders lack it."""
    spec = get_agent("synopsis_manager", "v1")
    memory = SessionMemory(SessionInfo("eval"), (Material("m", "", source),))
    context = AgentContext("eval", 1, memory, OfflineModel(), OFFLINE_MODEL_NAME)
    asked = {} if max_words is None else {"max_words": max(_FEWEST_WORDS, max_words)}
    final = None
    async for event in run_agent_with_events(spec, context, spec.parse_query(asked)):
        final = event if isinstance(event, FinalResult) else final
    assert final is not None
    return Synopsis.model_validate(final.output)


def text_of(notes: Synopsis, source: str) -> str:
    """All the notes say, without code: no reference has as much of it as the sources have.

    The title counts where the source has it.
    """
    said = [words_of(item) for item in notes.items if not isinstance(item, CodeItem)]
    return "\n".join([notes.title, *said] if notes.title in source else said)
