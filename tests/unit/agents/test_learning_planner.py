"""Plans that sum to their hours, build on what comes before, and stand on the material."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from backend.agents.context import Material, MemoryStepStore, SessionInfo
from backend.agents.learning_planner.timing import apportion, usual_minutes
from backend.domain.artifacts import Span
from backend.domain.events import Progress
from backend.domain.plan import CoursePlan, PlanModule, as_edited
from backend.errors import AgentFailed
from backend.testing import FakeModel, context_of, run_in_loop

PLANNER = "learning_planner@v1"
MORE = "It was measured on two machines with care. " * 12
QUEUES = (
    "# Queues\n\nA queue is a list of jobs that wait for a worker. It keeps them in order. "
    f"The queue is kept in memory, because memory answers quickly. {MORE}\n\n"
    "# Workers\n\nA worker is a process that takes jobs from the queue and runs them. "
    "A worker asks the queue again and again. When the queue is empty, the worker waits. "
    f"A queue with many workers is emptied faster. {MORE}\n\n"
)
CACHES = (
    "# Caches\n\nA cache is a copy of data that is kept near. "
    + "A copy grows old while nobody looks at it. " * 14
)


RUSSIAN_AIMS = {"Разобраться", "Объяснить", "Пояснить", "Ответить"}


def aims_of(plan: CoursePlan) -> list[str]:
    return [one.text for module in plan.modules for one in module.objectives]


async def plan_of(
    *materials: str | Material, artifacts: dict[str, Any] | None = None, **query: Any
) -> CoursePlan:
    context = context_of(materials, artifacts=artifacts, session=SessionInfo("s"))
    run = await run_in_loop(PLANNER, query, context)
    assert isinstance(run.output, CoursePlan)
    return run.output


def stored(plan: CoursePlan) -> dict[str, Any]:
    return {"plan": plan.model_dump(mode="json", by_alias=True)}


def changed(plan: CoursePlan, number: int, **fields: Any) -> CoursePlan:
    """The plan as a person's edit of one module leaves it."""
    modules = list(plan.modules)
    modules[number] = modules[number].model_copy(update=fields)
    total = sum(module.minutes for module in modules)
    return as_edited(plan, plan.model_copy(update={"modules": modules, "minutes": total}))


async def test_a_plan_of_a_lecture(samples: Path) -> None:
    text = (samples / "lecture_en.md").read_text(encoding="utf-8")
    plan = await plan_of(text, hours=3)

    assert plan.minutes == sum(module.minutes for module in plan.modules) == 180
    assert len(plan.modules) > 1
    for module in plan.modules:
        assert module.objectives
        assert all(one.grounded and one.sources for one in module.objectives)
        assert module.covers
        assert module.check is not None
        said = " ".join(text[s.start : s.end] for s in module.check.sources)
        assert set(module.check.answer.split()[:3]) & set(said.replace("*", "").split())
    starts = [module.covers[0].start for module in plan.modules]
    assert starts == sorted(starts)


async def test_a_russian_lecture_gets_a_russian_plan(samples: Path) -> None:
    plan = await plan_of((samples / "lecture_ru.txt").read_text(encoding="utf-8"))

    assert plan.language == "ru"
    assert all(aim.split()[0].strip(",") in RUSSIAN_AIMS for aim in aims_of(plan))


async def test_a_plan_speaks_one_language_though_its_materials_speak_two() -> None:
    """Most of the words are Russian, most of the headings English."""
    russian = "# Память\n\n" + "Память компьютера хранит числа и слова для процессора. " * 60
    english = "".join(
        f"# {topic} of distributed systems\n\n{topic} keep a system in order. {MORE[:44]}\n\n"
        for topic in ("Queues", "Workers", "Caches", "Leases", "Retries", "Traces", "Budgets")
    )
    plan = await plan_of(russian, english)

    assert len(plan.modules) > 1
    assert plan.language == "ru"
    assert all(aim.split()[0].strip(",") in RUSSIAN_AIMS for aim in aims_of(plan))


async def test_a_module_needs_those_whose_terms_it_uses() -> None:
    plan = await plan_of(QUEUES)

    assert [module.title for module in plan.modules] == ["Queues", "Workers"]
    assert [module.prerequisites for module in plan.modules] == [[], ["m1"]]


async def test_what_is_in_focus_gets_more_time() -> None:
    material = QUEUES + CACHES
    contexts = [
        context_of([material], session=SessionInfo("s", focus=focus)) for focus in (None, "caches")
    ]
    plain, focused = [(await run_in_loop(PLANNER, {"hours": 5}, c)).output for c in contexts]

    assert focused.minutes == plain.minutes == 300
    assert focused.modules[-1].title == "Caches"
    assert focused.modules[-1].minutes > plain.modules[-1].minutes


async def test_an_update_keeps_what_the_person_wrote() -> None:
    first = await plan_of(QUEUES, hours=2)
    edited = changed(first, 0, title="Очереди: самое главное", minutes=90)
    updated = await plan_of(QUEUES, CACHES, artifacts=stored(edited), action="update", hours=4)

    assert edited.modules[0].own == ["title", "minutes"]
    assert [m.title for m in updated.modules] == ["Очереди: самое главное", "Workers", "Caches"]
    assert [m.id for m in updated.modules] == ["m1", "m2", "m3"]
    assert updated.modules[0].minutes == 90
    assert updated.minutes == 240
    # And the next time as well.
    again = await plan_of(QUEUES, CACHES, artifacts=stored(updated), action="update", hours=3)
    assert (again.modules[0].title, again.modules[0].minutes) == ("Очереди: самое главное", 90)
    assert again.minutes == 180


async def test_a_module_that_was_taken_out_stays_out_and_an_own_one_stays_in() -> None:
    first = await plan_of(QUEUES)
    own = PlanModule(id="exam", title="The exam", minutes=20)
    without = first.model_copy(
        update={"modules": [first.modules[0], own], "minutes": first.modules[0].minutes + 20}
    )
    edited = as_edited(first, without)
    updated = await plan_of(QUEUES, artifacts=stored(edited), action="update")

    assert edited.left_out == first.modules[1].covers
    assert [module.title for module in updated.modules] == ["Queues", "The exam"]
    assert updated.modules[1].minutes == 20


async def test_an_update_forgets_what_stood_on_a_deleted_material() -> None:
    first = await plan_of(QUEUES, CACHES)
    edited = changed(first, -1, title="Copies")
    updated = await plan_of(QUEUES, artifacts=stored(edited), action="update")

    assert [module.title for module in updated.modules] == ["Queues", "Workers", "Copies"]
    assert updated.modules[-1].covers == []


SURVEY = {
    "topics": [
        {
            "title": "Queues",
            "first": 1,
            "last": 4,
            "gist": "A queue is a list of jobs that wait for a worker.",
            "cites": [2],
            "terms": [{"term": "Queue", "cites": [2]}, {"term": "Broker", "cites": [2]}],
        },
        {"title": "Workers", "first": 5, "last": 99},
    ],
    "questions": [
        {"question": "Why in memory?", "answer": "Memory answers quickly.", "cites": [4]},
        {"question": "Who made it?", "answer": "Ada Lovelace did, in 1843.", "cites": [2]},
    ],
}
SHORT = (
    "# Queues\n\nA queue is a list of jobs that wait for a worker. It keeps them in order. "
    "The queue is kept in memory, because memory answers quickly.\n\n"
    "# Workers\n\nA worker takes jobs from the queue. The worker runs them."
)
DRAFT = {
    "modules": [
        {
            "title": "What waits",
            "topics": [1],
            "objectives": [
                {"text": "Explain that a queue is a list of jobs", "cites": [3]},
                {"text": "Configure Kubernetes ingress controllers", "cites": [3]},
            ],
            "needs": [2],
            "check": 5,
        },
        {"title": "Nothing", "topics": [77]},
        {"title": "Who works", "topics": [6, 1], "needs": [1, 2], "weight": 2},
    ]
}


async def test_what_a_model_plans_is_held_against_the_material() -> None:
    model = FakeModel(SURVEY, DRAFT)
    session = SessionInfo("s", goal="run jobs", focus="workers", tone="dry")
    run = await run_in_loop(
        PLANNER,
        {"hours": 1, "level": "advanced", "instructions": "Be brief"},
        context_of([SHORT], model=model, session=session),
    )
    plan = run.output

    asked = model.prompts[1].split("\n")
    for line in ("Level: advanced", "Minutes: 60", "Goal: run jobs", "Wishes: Be brief"):
        assert line in asked
    assert "Broker" not in model.prompts[1]
    assert "Ada Lovelace" not in model.prompts[1]
    first, second = plan.modules
    assert (first.title, second.title) == ("What waits", "Who works")
    assert (first.prerequisites, second.prerequisites) == ([], ["m1"])
    assert [one.grounded for one in first.objectives] == [True, False]
    assert first.check is not None
    assert SHORT[first.check.sources[0].start :].startswith("The queue is kept in memory")
    assert second.check is None
    assert (plan.minutes, plan.level, plan.goal) == (60, "advanced", "run jobs")


async def test_a_second_attempt_asks_for_nothing_twice() -> None:
    steps = MemoryStepStore()
    broken = FakeModel(SURVEY, RuntimeError("the provider went away"))
    with pytest.raises(AgentFailed, match="RuntimeError"):
        await run_in_loop(PLANNER, {}, context_of([SHORT], model=broken, steps=steps))
    model = FakeModel(DRAFT)
    run = await run_in_loop(PLANNER, {}, context_of([SHORT], model=model, steps=steps))

    assert len(model.prompts) == 1
    assert len(run.output.modules) == 2
    assert [(e.done, e.total) for e in run.told(Progress)][-1] == (2, 2)


def module(module_id: str, *needs: str, minutes: int = 10) -> dict[str, Any]:
    return {"id": module_id, "title": module_id, "prerequisites": list(needs), "minutes": minutes}


@pytest.mark.parametrize(
    ("modules", "problem"),
    [
        ([module("a", "b")], "there is no such module"),
        ([module("a", "a")], "doesn't come before it"),
        ([module("a", "b"), module("b", "a")], "doesn't come before it"),
        ([module("a"), module("a")], "Two modules have the id a"),
        ([module("a", minutes=11), module("b")], "take 21 minutes together"),
    ],
)
def test_a_plan_that_does_not_hold_together_is_refused(
    modules: list[dict[str, Any]], problem: str
) -> None:
    with pytest.raises(ValidationError, match=problem):
        CoursePlan.model_validate(
            {"title": "t", "language": "en", "minutes": 20, "modules": modules}
        )


@given(
    total=st.integers(0, 10_000),
    weights=st.lists(st.floats(0, 1e6, allow_nan=False), min_size=1, max_size=30),
)
def test_minutes_sum_to_the_total(total: int, weights: list[float]) -> None:
    minutes = apportion(total, weights)

    assert len(minutes) == len(weights)
    assert min(minutes) >= 1
    assert sum(minutes) == max(total, len(weights))


def test_learning_takes_longer_than_reading_and_longest_for_beginners() -> None:
    hours = [
        usual_minutes(8_000, "ru", level) for level in ("beginner", "intermediate", "advanced")
    ]

    assert hours == sorted(hours, reverse=True)
    assert hours[-1] > 8_000 / 184
    assert all(minutes % 15 == 0 for minutes in hours)


def test_what_covers_a_module_again_is_not_left_out() -> None:
    span = Span(material_id="m", start=0, end=9)
    one = PlanModule(id="a", title="A", minutes=10, covers=[span])
    plan = CoursePlan(title="t", language="en", minutes=10, modules=[one])
    emptied = as_edited(plan, plan.model_copy(update={"modules": [], "minutes": 0}))
    back = as_edited(emptied, plan)

    assert emptied.left_out == [span]
    assert back.left_out == []
    assert "title" in back.modules[0].own
