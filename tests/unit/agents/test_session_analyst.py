"""Reports that count right, find what is missing, and ask what the material answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from backend.agents.context import MemoryStepStore, SessionInfo
from backend.agents.text.readability import difficulty_of, reading_ease, syllables
from backend.domain.analytics import Analytics
from backend.domain.listed import as_changed
from backend.testing import FakeModel, context_of, run_in_loop

ANALYST = "session_analyst@v1"
FILLER = "The measurement was repeated on another machine with much care and patience. " * 8
LECTURE = (
    f"# Queues\n\nEvery broker of ours keeps a queue. A broker may fall. {FILLER}"
    "The worker never deletes a finished job from the queue.\n\n"
    f"# Brokers\n\nA broker is a server that hands out jobs to workers. {FILLER}"
    "The default timeout of a running job is 30 seconds.\n\n"
    f"# Workers\n\nThe worker deletes a finished job from the queue. {FILLER}"
    "The default timeout of a running job is 60 seconds. Our RSU policy is strict. "
    "The RSU policy has no exceptions. Nobody reads the RSU policy.\n"
)


async def report_on(
    text: str, *, artifacts: dict[str, Any] | None = None, focus: str | None = None
) -> Analytics:
    session = SessionInfo("s", focus=focus)
    run = await run_in_loop(ANALYST, {}, context_of([text], artifacts=artifacts, session=session))
    assert isinstance(run.output, Analytics)
    return run.output


def notes(*texts: tuple[str, str]) -> dict[str, Any]:
    """A synopsis: each text with the words of LECTURE that it rests on; none for own words."""
    items = []
    for text, source in texts:
        start = LECTURE.index(source)
        spans = [{"materialId": "m1", "start": start, "end": start + len(source)}] if source else []
        items.append({"type": "text", "text": text, "sources": spans})
    return {"synopsis": {"title": "Notes", "language": "en", "items": items}}


def plan(*objectives: str) -> dict[str, Any]:
    module = {
        "id": "m1",
        "title": "All of it",
        "minutes": 30,
        "objectives": [{"text": text} for text in objectives],
    }
    return {"plan": {"title": "Plan", "language": "en", "minutes": 30, "modules": [module]}}


async def test_topics_and_their_shares() -> None:
    report = await report_on(LECTURE)

    assert [topic.title for topic in report.topics] == ["Queues", "Brokers", "Workers"]
    assert sum(topic.share for topic in report.topics) == pytest.approx(1, abs=0.001)
    assert report.figures.words == pytest.approx(sum(t.words for t in report.topics), abs=5)
    assert report.figures.reading_minutes >= 1


async def test_what_contradicts_itself() -> None:
    report = await report_on(LECTURE)
    told = {one.text: [said.text for said in one.statements] for one in report.contradictions}

    assert told == {
        "The numbers differ: 30 and 60.": [
            "The default timeout of a running job is 30 seconds.",
            "The default timeout of a running job is 60 seconds.",
        ],
        "One of the statements denies what the other says.": [
            "The worker never deletes a finished job from the queue.",
            "The worker deletes a finished job from the queue.",
        ],
    }
    for statement in (said for one in report.contradictions for said in one.statements):
        (source,) = statement.sources
        assert LECTURE[source.start : source.end] == statement.text


async def test_what_holds_under_another_condition_contradicts_nothing() -> None:
    report = await report_on(
        "If the lease is short, the worker loses a finished job of the queue. "
        "If the lease is long, the worker never loses a finished job of the queue. " + FILLER
    )

    assert report.contradictions == []


async def test_own_words_in_the_notes_are_held_against_the_material() -> None:
    own = notes(("The worker never deletes a finished job from the queue!", ""))
    report = await report_on(
        LECTURE.replace("The worker never deletes a finished job from the queue.", ""),
        artifacts=own,
    )
    (denied,) = [one for one in report.contradictions if "denies" in one.text]

    assert [bool(said.sources) for said in denied.statements] == [True, False]


async def test_a_term_that_is_used_before_it_is_explained() -> None:
    (early,) = (await report_on(LECTURE)).early_terms

    assert early.term == "Broker"
    assert early.used.text == "Every broker of ours keeps a queue."
    assert early.defined.text == "A broker is a server that hands out jobs to workers."


async def test_gaps_of_plan_notes_focus_and_terms() -> None:
    kept = notes(("A broker may fall.", "A broker may fall."))
    promised = plan("Explain “finished job”", "Explain “quantum teleportation”")
    report = await report_on(LECTURE, artifacts={**kept, **promised}, focus="queue, thermodynamics")
    gaps = {(gap.kind, gap.subject) for gap in report.gaps}

    assert gaps == {
        ("plan", "quantum teleportation"),
        ("goal", "thermodynamics"),
        ("notes", "Brokers"),
        ("notes", "Workers"),
        ("term", "RSU"),
    }
    (module,) = report.plan
    assert (module.objectives, module.in_material, module.in_notes) == (2, 1, 0)
    assert module.coverage == "partly"
    assert [topic.notes for topic in report.topics] == [1, 0, 0]


@pytest.mark.parametrize("sample", ["lecture_en.md", "lecture_ru.txt"])
async def test_ten_questions_that_the_material_answers(samples: Path, sample: str) -> None:
    text = (samples / sample).read_text(encoding="utf-8")
    report = await report_on(text)

    assert len(report.questions) == 10
    assert len({one.question for one in report.questions}) == 10
    for one in report.questions:
        assert one.grounded
        said = " ".join(text[s.start : s.end] for s in one.sources).split()
        answer = one.answer.partition(". ")[2] or one.answer
        assert len(set(answer.rstrip(".").split()) & set(said)) >= 0.7 * len(set(answer.split()))


async def test_no_gap_to_fill_is_made_of_a_heading() -> None:
    told = (
        "The scheduler gives each worker a lease, and a lease ends when the worker stops beating."
    )
    heading = "Leases and the scheduler interacting with workers"
    report = await report_on(f"# Queues\n\n## {heading}\n\n{told}\n\nA lease is short.")
    assert report.questions
    assert not any("interacting" in one.answer for one in report.questions)


FINDINGS = {
    "contradictions": [
        {"first": 1, "second": 2, "text": "These are topics."},
        {"first": 6, "second": 5, "text": "Jobs are deleted, or they aren't."},
    ],
    "gaps": [
        {"subject": "lease renewal", "text": "Nobody says how a lease is renewed.", "cites": [2]},
        {"subject": "lease time", "text": "Who chose 4711 seconds?", "cites": [2]},
        {"subject": "dead letters", "text": "Where do failed jobs go?", "cites": [99]},
    ],
    "questions": [99],
}
SURVEY = {
    "topics": [{"title": "Workers", "first": 1, "last": 9}],
    "questions": [
        {"question": "What does the worker do?", "answer": "The worker deletes jobs.", "cites": [1]}
    ],
}
SHORT = (
    "The worker deletes a finished job from the queue. It is quick. "
    "The worker never deletes a finished job from the queue."
)


async def test_a_model_judges_what_was_counted_and_adds_no_facts() -> None:
    model = FakeModel(SURVEY, FINDINGS)
    session = SessionInfo("s", goal="run jobs")
    context = context_of([SHORT], model=model, session=session)
    report = (await run_in_loop(ANALYST, {"instructions": "Be strict"}, context)).output

    asked = model.prompts[1].split("\n")
    assert {"Goal: run jobs", "Wishes: Be strict", "Write in: en"} <= set(asked)
    assert [one.text for one in report.contradictions] == ["Jobs are deleted, or they aren't."] or (
        report.contradictions == []
    )
    lease, made_up, dead = [gap for gap in report.gaps if gap.kind == "other"]
    assert (lease.subject, lease.grounded, len(lease.sources)) == ("lease renewal", True, 1)
    assert not made_up.grounded
    assert (dead.grounded, dead.sources) == (False, [])
    assert report.questions[0].question == "What does the worker do?"


async def test_a_second_attempt_asks_for_nothing_twice() -> None:
    steps = MemoryStepStore()
    await run_in_loop(
        ANALYST, {}, context_of([SHORT], model=FakeModel(SURVEY, FINDINGS), steps=steps)
    )
    silent = FakeModel()
    await run_in_loop(ANALYST, {}, context_of([SHORT], model=silent, steps=steps))

    assert silent.prompts == []


@pytest.mark.parametrize(
    ("word", "count"), [("queue", 1), ("machine", 2), ("очередь", 3), ("стек", 1), ("tsk", 1)]
)
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_long_words_in_long_sentences_read_harder() -> None:
    easy = reading_ease("The cat sat on the mat. It was glad.", 2, "en")
    hard = reading_ease(
        "Interoperability considerations notwithstanding, organisational heterogeneity "
        "necessitates comprehensive standardisation.",
        1,
        "en",
    )

    assert difficulty_of(easy, "en") == "easy"
    assert difficulty_of(hard, "en") == "hard"


async def test_what_a_person_changed_in_the_report_outlives_the_next_one() -> None:
    first = await report_on(LECTURE)
    place = next(n for n, one in enumerate(first.questions) if "broker" in one.question)
    own = first.questions[place].model_copy(update={"answer": "In my own words.", "sources": []})
    questions = [*first.questions[:place], own, *first.questions[place + 1 :]]
    mine = as_changed(first, first.model_copy(update={"questions": questions, "gaps": []}))
    assert first.gaps

    stored = {"analytics": mine.model_dump(mode="json", by_alias=True)}
    again = await report_on(LECTURE, artifacts=stored)
    questions[place] = own.model_copy(update={"edited": True})
    assert again.questions == questions
    assert again.gaps == []
    assert again.figures == first.figures
