"""`session_analyst@v1`: a report on the session's material, plan and notes."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from backend.agents.asking import ModelCalls
from backend.agents.context import AgentContext
from backend.agents.offline import OFFLINE_MODEL_NAME
from backend.agents.registry import agent
from backend.agents.session_analyst.contradictions import Pair, Said, contradicting_pairs
from backend.agents.session_analyst.coverage import cover
from backend.agents.session_analyst.drafts import Findings, GapDraft
from backend.agents.session_analyst.early_terms import early_terms
from backend.agents.session_analyst.figures import figures_of, topic_reports
from backend.agents.session_analyst.gaps import find_gaps
from backend.agents.session_analyst.overview import Overview, overview_of
from backend.agents.session_analyst.prompts import Prompts
from backend.agents.session_analyst.query import AnalyticsQuery
from backend.agents.session_analyst.questions import COUNT, Choice, choices, spread
from backend.agents.session_analyst.session import Studied, studied
from backend.agents.survey.drafts import PartSurvey
from backend.agents.survey.grouping import group
from backend.agents.survey.prompts import SurveyPrompts
from backend.agents.survey.surveying import Survey, Surveyor
from backend.agents.synopsis_manager.assembly import fallback_title, title_for
from backend.agents.synopsis_manager.items import spans_of
from backend.agents.synopsis_manager.page import show
from backend.agents.text.words import numbers
from backend.domain.analytics import (
    ANALYTICS,
    Analytics,
    Contradiction,
    ModuleCoverage,
    Passage,
    ReportGap,
    SelfCheck,
)
from backend.domain.events import FinalResult, RunEvent
from backend.domain.listed import with_kept
from backend.domain.topic_titles import with_kept_titles

# Keys that the page translates.
COMPARING, JUDGING = "comparing", "judging"
_MOST_TOPICS = 12


@agent("session_analyst", "v1", needs_material=True, saves=ANALYTICS)
class SessionAnalyst:
    """Reports on the session: topics, coverage of the plan, gaps, contradictions, self-checks."""

    Input, Output = AnalyticsQuery, Analytics
    prompts = Prompts("v1")
    survey_prompts = SurveyPrompts("v1")

    @classmethod
    def prompt_digest(cls) -> str:
        """Changes with each prompt and each form of answer: see prompt_folders.py."""
        own = cls.prompts.digest(findings=Findings)
        return hashlib.sha256(
            f"{own} {cls.survey_prompts.digest(survey=PartSurvey)}".encode()
        ).hexdigest()

    async def run(self, context: AgentContext, query: AnalyticsQuery) -> AsyncIterator[RunEvent]:
        report = await _Run(context, query, self.prompts, self.survey_prompts).make()
        yield FinalResult(output=report.model_dump(mode="json", by_alias=True))


@dataclass(frozen=True)
class _Counted:
    """The report as far as it can be counted, and what is left to judge."""

    report: Analytics
    pairs: list[Pair]
    choices: list[Choice]


class _Run:
    def __init__(
        self,
        context: AgentContext,
        query: AnalyticsQuery,
        prompts: Prompts,
        survey_prompts: SurveyPrompts,
    ) -> None:
        self.context = context
        self.query = query
        self.prompts = prompts
        self.calls = ModelCalls(context)
        self.surveyor = Surveyor(context, self.calls, survey_prompts, more=2)

    async def make(self) -> Analytics:
        wished = self.query.language or self.context.session.language
        survey = await self.surveyor.survey(wished)
        # The offline model can't translate.
        is_offline = self.context.model_name == OFFLINE_MODEL_NAME
        language = survey.language if is_offline or not wished else wished
        done, total = len(survey.parts), len(survey.parts) + 2
        self.context.progress(done, total, COMPARING)
        session = studied(self.context.memory, group(survey.topics, _MOST_TOPICS))
        title = self._title(survey, language)
        counted = await asyncio.to_thread(_count, session, title, survey.language, language)
        self.context.progress(done + 1, total, JUDGING)
        overview = overview_of(session, counted.pairs, counted.choices)
        findings = await self._ask(overview, title, language)
        report = _with_findings(counted, overview, findings)
        self.context.progress(total, total, JUDGING)
        stored = self.context.memory.artifacts.get(ANALYTICS.name)
        return with_kept_titles(with_kept(report, stored), stored)

    async def _ask(self, overview: Overview, title: str, language: str) -> Findings:
        session = self.context.session
        headers = {
            "Title": title,
            "Write in": language,
            "Goal": session.goal or "",
            "Focus": session.focus or "",
            "Wishes": self.query.instructions or "",
            "Questions at most": str(COUNT),
        }
        page = show(headers, overview.lines)
        # By what it is asked about: notes changed before another try make it another question.
        return await self.context.step(
            f"findings/{hashlib.sha256(page.encode()).hexdigest()[:16]}",
            lambda: self.calls.ask(
                Findings, instructions=self.prompts.text("findings"), prompt=page
            ),
            Findings,
        )

    def _title(self, survey: Survey, language: str) -> str:
        materials = list({part.material.id: part.material for part in survey.parts}.values())
        first = survey.topics[0].title if survey.topics else ""
        found = title_for(materials, first, self.context.session.title)
        return found or fallback_title(language)


def _count(session: Studied, title: str, spoken: str, language: str) -> _Counted:
    """`spoken` is the language of the material, `language` that of the report."""
    topics = topic_reports(session, spoken)
    coverage = cover(session)
    modules: list[ModuleCoverage] = [covered.report for covered in coverage]
    report = Analytics(
        title=title,
        language=language,
        figures=figures_of(session, spoken),
        topics=topics,
        plan=modules,
        gaps=find_gaps(session, coverage, topics, language),
        early_terms=early_terms(session),
    )
    return _Counted(report, contradicting_pairs(session), choices(session.groups, language))


def _with_findings(counted: _Counted, overview: Overview, findings: Findings) -> Analytics:
    report = counted.report
    return report.model_copy(
        update={
            "gaps": [*report.gaps, *(_gap(draft, overview) for draft in findings.gaps)],
            "contradictions": _contradictions(overview, findings),
            "questions": _questions(counted.choices, overview, findings),
        }
    )


def _gap(draft: GapDraft, overview: Overview) -> ReportGap:
    sources = [span for number in draft.cites for span in overview.topics.get(number, [])]
    return ReportGap(
        kind="other",
        subject=draft.subject.strip(),
        text=draft.text.strip(),
        sources=sources,
        grounded=bool(sources) and numbers(draft.text) <= _numbers_shown(overview),
    )


def _numbers_shown(overview: Overview) -> set[str]:
    return {number for line in overview.lines for number in numbers(line.text)}


def _contradictions(overview: Overview, findings: Findings) -> list[Contradiction]:
    """Of the pairs that were shown; no model can add one of its own."""
    found: dict[int, Contradiction] = {}
    for draft in findings.contradictions:
        number = min(draft.first, draft.second)
        pair = overview.pairs.get(number)
        if pair is not None and number not in found:
            statements = [_passage(pair.first), _passage(pair.second)]
            found[number] = Contradiction(text=draft.text.strip(), statements=statements)
    return list(found.values())


def _passage(said: Said) -> Passage:
    return Passage(text=said.text, sources=spans_of([said.unit] if said.unit else []))


def _questions(known: Sequence[Choice], overview: Overview, findings: Findings) -> list[SelfCheck]:
    """The chosen ones, and where they are fewer than ten, others from all topics."""
    numbers = dict.fromkeys(n for n in findings.questions if n in overview.questions)
    chosen = [overview.questions[number] for number in numbers][:COUNT]
    left = [choice for choice in known if choice not in chosen]
    chosen += [left[i] for i in spread([one.place for one in left], COUNT - len(chosen))]
    return [
        SelfCheck(
            question=choice.question.question,
            answer=choice.question.answer,
            topic=choice.topic,
            sources=choice.question.sources,
            grounded=bool(choice.question.units),
        )
        for choice in sorted(chosen, key=lambda choice: choice.place)
    ]
