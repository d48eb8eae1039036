"""`learning_planner@v1`: a course plan on the session's material."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Sequence
from math import log2

from backend.agents.asking import ModelCalls
from backend.agents.context import AgentContext
from backend.agents.learning_planner import current as current_plan
from backend.agents.learning_planner.drafts import PlanDraft
from backend.agents.learning_planner.merging import at_most
from backend.agents.learning_planner.modules import Weighed, modules_of
from backend.agents.learning_planner.outline import Outline, outline_of
from backend.agents.learning_planner.prompts import Prompts
from backend.agents.learning_planner.query import PlanQuery
from backend.agents.learning_planner.timing import apportion, usual_minutes
from backend.agents.offline import OFFLINE_MODEL_NAME
from backend.agents.registry import agent
from backend.agents.survey.drafts import PartSurvey
from backend.agents.survey.prompts import SurveyPrompts
from backend.agents.survey.surveying import Survey, Surveyor
from backend.agents.synopsis_manager.assembly import fallback_title, title_for
from backend.agents.synopsis_manager.page import show
from backend.domain.events import FinalResult, RunEvent
from backend.domain.plan import PLAN, CoursePlan, Level

# A key that the page translates.
PLANNING = "planning"
_MINUTES_OF_A_MODULE, _MOST_MODULES = 15, 12


@agent("learning_planner", "v1", needs_material=True, saves=PLAN)
class LearningPlanner:
    """Plans a course on the session's material: modules, time, what builds on what, checks."""

    Input, Output = PlanQuery, CoursePlan
    prompts = Prompts("v1")
    survey_prompts = SurveyPrompts("v1")

    @classmethod
    def prompt_digest(cls) -> str:
        """Changes with each prompt and each form of answer: see prompt_folders.py."""
        own = cls.prompts.digest(plan=PlanDraft)
        return hashlib.sha256(
            f"{own} {cls.survey_prompts.digest(survey=PartSurvey)}".encode()
        ).hexdigest()

    async def run(self, context: AgentContext, query: PlanQuery) -> AsyncIterator[RunEvent]:
        plan = await _Run(context, query, self.prompts, self.survey_prompts).make()
        yield FinalResult(output=plan.model_dump(mode="json", by_alias=True))


class _Run:
    def __init__(
        self,
        context: AgentContext,
        query: PlanQuery,
        prompts: Prompts,
        survey_prompts: SurveyPrompts,
    ) -> None:
        self.context = context
        self.query = query
        self.prompts = prompts
        self.calls = ModelCalls(context)
        self.surveyor = Surveyor(context, self.calls, survey_prompts, more=1)
        is_update = query.action == "update"
        self.current = current_plan.current_of(context.memory) if is_update else None
        known_level: Level = self.current.level if self.current else "beginner"
        self.level: Level = query.level or known_level

    async def make(self) -> CoursePlan:
        wished = self.query.language or self.context.session.language
        survey = await self.surveyor.survey(wished)
        # The offline model can't translate.
        is_offline = self.context.model_name == OFFLINE_MODEL_NAME
        language = survey.language if is_offline or not wished else wished
        minutes = self._minutes(survey, language)
        done = len(survey.parts)
        self.context.progress(done, done + 1, PLANNING)
        outline = outline_of(survey.topics)
        limit = _most_modules(survey, minutes, self.current)
        draft = await self._ask(outline, survey, language, minutes, limit)
        weighed = modules_of(draft, outline, language)
        if self.current is not None:
            weighed = current_plan.keep_own(self.current, weighed)
        plan = self._plan(at_most(weighed, limit), survey, language, minutes)
        self.context.progress(done + 1, done + 1, PLANNING)
        return plan

    def _minutes(self, survey: Survey, language: str) -> int:
        """What was asked for, else what the current plan takes, else what learning it takes."""
        if self.query.hours is not None:
            return round(self.query.hours * 60)
        words = sum(topic.words for topic in survey.topics)
        usual = usual_minutes(words, language, self.level)
        return max(usual, self.current.minutes) if self.current else usual

    async def _ask(
        self, outline: Outline, survey: Survey, language: str, minutes: int, limit: int
    ) -> PlanDraft:
        session = self.context.session
        headers = {
            "Title": self._title(survey, language),
            "Write in": language,
            "Level": self.level,
            "Minutes": str(minutes),
            "Modules at most": str(limit),
            "Goal": session.goal or "",
            "Focus": session.focus or "",
            "Tone": session.tone or "",
            "Wishes": self.query.instructions or "",
        }
        after = current_plan.shown(self.current) if self.current else ""
        page = show(headers, outline.lines, after)
        # By what it is asked about: material added before another try makes it another question.
        return await self.context.step(
            f"plan/{hashlib.sha256(page.encode()).hexdigest()[:16]}",
            lambda: self.calls.ask(PlanDraft, instructions=self.prompts.text("plan"), prompt=page),
            PlanDraft,
        )

    def _plan(
        self, weighed: Sequence[Weighed], survey: Survey, language: str, minutes: int
    ) -> CoursePlan:
        fixed = {one.module.id: one.module.minutes for one in weighed if _is_fixed(one)}
        free = [one for one in weighed if one.module.id not in fixed]
        shares = apportion(max(0, minutes - sum(fixed.values())), [one.weight for one in free])
        taken = {**fixed, **{one.module.id: n for one, n in zip(free, shares, strict=True)}}
        modules = [
            one.module.model_copy(update={"minutes": taken[one.module.id]}) for one in weighed
        ]
        return CoursePlan(
            title=self.current.title if self.current else self._title(survey, language),
            language=language,
            goal=self.context.session.goal or (self.current.goal if self.current else ""),
            level=self.level,
            minutes=sum(taken.values()),
            modules=modules,
            left_out=self.current.left_out if self.current else [],
        )

    def _title(self, survey: Survey, language: str) -> str:
        materials = list({part.material.id: part.material for part in survey.parts}.values())
        first = survey.topics[0].title if survey.topics else ""
        found = title_for(materials, first, self.context.session.title)
        return found or fallback_title(language)


def _is_fixed(one: Weighed) -> bool:
    """Whether a person said how long it takes; what only a person has keeps its time as well."""
    return "minutes" in one.module.own or not one.weight


def _most_modules(survey: Survey, minutes: int, current: CoursePlan | None) -> int:
    """Some for a page, a dozen for a book, none shorter than a quarter of an hour; an update has
    room for another."""
    words = sum(topic.words for topic in survey.topics)
    by_length = 2 + round(log2(max(1.0, words / 300)))
    usual = max(1, min(by_length, minutes // _MINUTES_OF_A_MODULE, _MOST_MODULES))
    return max(usual, len(current.modules) + 1) if current else usual
