"""What a person changes in a report or a list of sources is marked, and outlives the next run."""

from __future__ import annotations

from typing import Any

from backend.domain.analytics import Analytics, Figures, ReportGap, SelfCheck
from backend.domain.listed import as_changed, with_kept
from backend.domain.sources import FoundSource, Gap, Sources

FIGURES = Figures(
    words=1,
    sentences=1,
    reading_minutes=1,
    words_per_sentence=1,
    reading_ease=50,
    difficulty="medium",
)


def report(*questions: SelfCheck, gaps: tuple[str, ...] = (), title: str = "Report") -> Analytics:
    return Analytics(
        title=title,
        language="en",
        figures=FIGURES,
        topics=[],
        gaps=[ReportGap(kind="other", subject=text, text=text) for text in gaps],
        questions=list(questions),
    )


def check(question: str, answer: str = "Yes.", *, edited: bool = False) -> SelfCheck:
    return SelfCheck(question=question, answer=answer, edited=edited)


def found(*sources: FoundSource, topics: tuple[str, ...] = ("Leases",)) -> Sources:
    gaps = [
        Gap(id=f"g{n}", topic=topic, why="Little.", origin="notes", queries=[topic])
        for n, topic in enumerate(topics, start=1)
    ]
    return Sources(title="Sources", language="en", gaps=gaps, sources=list(sources), searched=[])


def source(title: str, **more: Any) -> FoundSource:
    return FoundSource(kind="article", title=title, why="Explains it.", **more)


def stored(content: Analytics | Sources) -> dict[str, Any]:
    return content.model_dump(mode="json", by_alias=True)


def test_what_a_person_changed_is_marked_and_the_rest_is_not() -> None:
    before = report(check("One?"), check("Two?"))
    saved = as_changed(before, report(check("Two?"), check("One?", "No."), check("Mine?")))

    assert [(one.question, one.edited) for one in saved.questions] == [
        ("Two?", False),
        ("One?", True),
        ("Mine?", True),
    ]
    assert saved.left_out == ["One? Yes."]


def test_a_mark_that_the_persons_program_sends_counts_for_nothing() -> None:
    before = report(check("One?"))

    assert not as_changed(before, report(check("One?", edited=True))).questions[0].edited


def test_the_next_run_keeps_what_a_person_wrote_in_its_place_and_brings_back_nothing() -> None:
    made = report(check("One?"), check("Two?"), check("Three?"), gaps=("No examples.", "TTL."))
    changed = report(check("One?"), check("Two, in my words?"), check("Three?"), gaps=("TTL.",))
    saved = as_changed(made, changed)
    assert saved.left_out == ["No examples.", "Two? Yes."]

    again = with_kept(report(*made.questions, check("Four?"), gaps=("TTL.", "New.")), stored(saved))
    assert [one.question for one in again.questions] == [
        "One?",
        "Two, in my words?",
        "Three?",
        "Four?",
    ]
    assert [gap.text for gap in again.gaps] == ["TTL.", "New."]
    assert with_kept(made, stored(again)).gaps == saved.gaps


def test_what_is_put_back_is_no_longer_left_out() -> None:
    made = report(check("One?"), check("Two?"))
    without = as_changed(made, report(check("One?")))
    back = as_changed(without, report(check("One?"), check("Two?")))

    assert (without.left_out, back.left_out) == (["Two? Yes."], [])
    assert [one.question for one in with_kept(made, stored(back)).questions] == ["One?", "Two?"]


def test_a_persons_title_stays_until_the_agents_own_would_be_another() -> None:
    saved = as_changed(report(title="Report"), report(title="Mine"))

    assert with_kept(report(title="Report"), stored(saved)).title == "Mine"
    assert with_kept(report(title="Of other material"), stored(saved)).title == "Of other material"


def test_without_a_readable_report_the_new_one_stands_as_it_is() -> None:
    made = report(check("One?"))

    assert with_kept(made, None) == made
    assert with_kept(made, {"title": "of an older form"}) == made


def test_an_own_source_closes_the_gap_of_the_same_topic_whatever_its_number() -> None:
    first = found(source("A", doi="10.1/a"), source("B"), topics=("Leases", "Queues"))
    own = source("Mine", url="https://example.org/mine", closes=["g2", "g1"])
    saved = as_changed(first, first.model_copy(update={"sources": [own, first.sources[1]]}))
    assert saved.left_out == ["10.1/a"]

    again = with_kept(found(source("A anew", doi="10.1/a"), topics=("Queues",)), stored(saved))
    assert [(one.title, one.closes, one.edited) for one in again.sources] == [
        ("Mine", ["g1"], True)
    ]
