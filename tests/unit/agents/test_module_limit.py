"""A plan has no more modules than the model was told, whatever it answered."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from backend.agents.learning_planner.merging import at_most
from backend.agents.learning_planner.modules import Weighed
from backend.domain.artifacts import Span
from backend.domain.plan import ModuleCheck, Objective, OwnField, PlanModule, as_edited, problem_of
from backend.testing import FakeModel, context_of, run_in_loop

TOPICS = ("Queues", "Workers", "Caches", "Leases", "Retries", "Traces")
TEXT = "\n\n".join(
    f"# {topic}\n\n{topic} are what this chapter is about. They are kept in order by the system."
    for topic in TOPICS
)
SURVEY = {
    "topics": [
        {"title": topic, "first": 1 + 3 * place, "last": 3 + 3 * place}
        for place, topic in enumerate(TOPICS)
    ],
    "questions": [],
}


def weighed(number: int, weight: float, *needs: str, own: tuple[OwnField, ...] = ()) -> Weighed:
    module = PlanModule(
        id=f"m{number}",
        title=f"Module {number}",
        objectives=[Objective(text=f"Aim {number}.{n}") for n in (1, 2)],
        prerequisites=list(needs),
        minutes=1,
        covers=[Span(material_id="m", start=number * 10, end=number * 10 + 9)],
        check=ModuleCheck(question=f"Why {number}?", answer="So.") if number > 1 else None,
        own=list(own),
    )
    return Weighed(module, weight)


def test_the_lightest_neighbours_become_one_module() -> None:
    found = at_most(
        [weighed(1, 1), weighed(2, 2, "m1"), weighed(3, 9, "m2"), weighed(4, 9, "m2", "m3")], 3
    )

    first, *others = [one.module for one in found]
    assert (first.id, first.title, first.prerequisites) == ("m1", "Module 1; Module 2", [])
    assert [one.text for one in first.objectives] == ["Aim 2.1", "Aim 1.1", "Aim 2.2", "Aim 1.2"]
    assert [span.start for span in first.covers] == [10, 20]
    assert first.check is not None
    assert first.check.question == "Why 2?"
    assert [(one.id, one.prerequisites) for one in others] == [("m3", ["m1"]), ("m4", ["m1", "m3"])]
    assert [one.weight for one in found] == [3, 9, 9]


def test_as_many_as_there_may_be_stay_as_they_are() -> None:
    modules = [weighed(1, 1), weighed(2, 1, "m1")]

    assert at_most(modules, 2) == modules


def test_what_a_person_wrote_in_is_joined_with_nothing() -> None:
    own = weighed(2, 0, own=("title",))
    found = at_most([weighed(1, 1), own, weighed(3, 1), weighed(4, 1)], 1)

    assert [one.module.title for one in found] == ["Module 1", "Module 2", "Module 3; Module 4"]
    assert found[1] == own


@given(
    weights=st.lists(st.floats(0.25, 100), min_size=1, max_size=30),
    limit=st.integers(1, 12),
    data=st.data(),
)
def test_joined_modules_still_hold_together(
    weights: list[float], limit: int, data: st.DataObject
) -> None:
    modules = [
        weighed(n, weight, *data.draw(st.sets(st.sampled_from([f"m{k}" for k in range(1, n)]))))
        if n > 1
        else weighed(n, weight)
        for n, weight in enumerate(weights, 1)
    ]
    found = [one.module for one in at_most(modules, limit)]

    assert len(found) == min(limit, len(weights))
    assert problem_of(found) == ""
    assert [s for one in found for s in one.covers] == [s for m in modules for s in m.module.covers]


EAGER = {
    "modules": [
        {"title": f"On {topic}", "topics": [1 + 2 * place], "needs": [1] if place else []}
        for place, topic in enumerate(TOPICS)
    ]
}


async def test_a_model_that_plans_more_than_it_was_told_gets_its_modules_joined() -> None:
    model = FakeModel(SURVEY, EAGER)
    run = await run_in_loop("learning_planner@v1", {"hours": 0.5}, context_of([TEXT], model=model))
    plan = run.output

    assert "Modules at most: 2" in model.prompts[1].split("\n")
    assert len(model.prompts) == 2
    assert len(plan.modules) == 2
    assert (plan.minutes, plan.modules[1].prerequisites) == (30, ["m1"])
    assert plan.modules[0].title.startswith("On Queues; On ")
    said = [TEXT[s.start : s.end] for module in plan.modules for s in module.covers]
    assert [text.split("\n")[0] for text in said] == list(TOPICS)


async def test_an_update_joins_what_is_new_and_keeps_what_the_person_wrote() -> None:
    first = await run_in_loop(
        "learning_planner@v1",
        {"hours": 0.5},
        context_of([TEXT], model=FakeModel(SURVEY, EAGER)),
    )
    modules = list(first.output.modules)
    modules[0] = modules[0].model_copy(update={"title": "In my words"})
    edited = as_edited(first.output, first.output.model_copy(update={"modules": modules}))
    model = FakeModel(SURVEY, EAGER)
    again = await run_in_loop(
        "learning_planner@v1",
        {"action": "update"},
        context_of(
            [TEXT], model=model, artifacts={"plan": edited.model_dump(mode="json", by_alias=True)}
        ),
    )

    assert "Modules at most: 3" in model.prompts[1].split("\n")
    assert len(again.output.modules) == 3
    assert "In my words" in [module.title for module in again.output.modules]
