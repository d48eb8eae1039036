"""Surveys a session's material part by part, a few at a time, each as a durable step."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial

from backend.agents.asking import ModelCalls
from backend.agents.context import AgentContext
from backend.agents.models import window_tokens
from backend.agents.survey.drafts import PartSurvey
from backend.agents.survey.prompts import SurveyPrompts
from backend.agents.survey.topics import Topic, topics_of
from backend.agents.synopsis_manager.mapping import AT_ONCE, few_at_a_time
from backend.agents.synopsis_manager.page import show
from backend.agents.synopsis_manager.parts import PART_CHARS, Part, room_chars, split

# A key that the page translates.
READING = "reading"


@dataclass(frozen=True)
class Survey:
    """What the material deals with, and the parts it was read in."""

    parts: list[Part]
    topics: list[Topic]

    @property
    def language(self) -> str:
        """The language that most of the material is in."""
        words: dict[str, int] = {}
        for part in self.parts:
            words[part.language] = words.get(part.language, 0) + sum(u.words for u in part.units)
        return max(words, key=lambda language: words[language], default="en")


class Surveyor:
    """Asks the model about each part. Progress goes from 0 to the number of parts, `more` to go."""

    def __init__(
        self, context: AgentContext, calls: ModelCalls, prompts: SurveyPrompts, more: int
    ) -> None:
        self._context = context
        self._calls = calls
        self._prompts = prompts
        self._more = more
        self._done = 0

    async def survey(self, write_in: str | None) -> Survey:
        """Read all the material; `write_in` is the wished language, None for the material's."""
        materials = [m for m in self._context.materials if m.text.strip()]
        room = room_chars(window_tokens(self._context.model))
        parts = await asyncio.to_thread(split, materials, None, min(PART_CHARS, room or PART_CHARS))
        self._context.progress(0, len(parts) + self._more, READING)
        works = [partial(self._survey_part, part, len(parts), write_in) for part in parts]
        surveys = await few_at_a_time(works, AT_ONCE)
        topics = await asyncio.to_thread(topics_of, parts, surveys)
        return Survey(parts, topics)

    async def _survey_part(self, part: Part, count: int, write_in: str | None) -> PartSurvey:
        survey = await self._context.step(
            f"survey/{part.key}", partial(self._ask, part, count, write_in), PartSurvey
        )
        self._done += 1
        self._context.progress(self._done, count + self._more, READING)
        return survey

    async def _ask(self, part: Part, count: int, write_in: str | None) -> PartSurvey:
        headers = {
            "Title": part.title,
            "Part": f"{part.index + 1} of {count}",
            "Write in": write_in or part.language,
            "Kind": "conversation" if part.is_conversation else "text",
        }
        return await self._calls.ask(
            PartSurvey,
            instructions=self._prompts.text("survey"),
            prompt=show(headers, part.units),
        )
