"""What a person calls the topics of a report outlives the next run."""

from __future__ import annotations

from typing import Any

import pytest

from backend.domain.analytics import Analytics, Figures, TopicReport
from backend.domain.artifacts import Span
from backend.domain.topic_titles import with_kept_titles, with_titles
from backend.errors import InvalidQuery


def report(*topics: TopicReport) -> Analytics:
    figures = Figures(
        words=1,
        sentences=1,
        reading_minutes=1,
        words_per_sentence=1,
        reading_ease=50,
        difficulty="medium",
    )
    return Analytics(title="Report", language="en", figures=figures, topics=list(topics))


def topic(title: str, start: int = 0) -> TopicReport:
    return TopicReport(
        title=title,
        words=9,
        share=0.5,
        reading_minutes=1,
        difficulty="easy",
        notes=0,
        sources=[Span(material_id="m", start=start, end=start + 9)],
    )


def stored(content: Analytics) -> dict[str, Any]:
    return content.model_dump(mode="json", by_alias=True)


def names(content: Analytics) -> list[tuple[str, str]]:
    return [(one.title, one.made_as) for one in content.topics]


def test_a_renamed_topic_remembers_what_the_agent_called_it() -> None:
    first = with_titles(report(topic("Queues"), topic("Leases")), ["Queues", "Rights to work"])
    second = with_titles(first, ["Queues", "Rights"])

    assert names(second) == [("Queues", ""), ("Rights", "Leases")]
    assert second.topics[1].sources == first.topics[1].sources
    assert names(with_titles(second, ["Queues", "Leases"])) == [("Queues", ""), ("Leases", "")]


def test_the_next_run_calls_it_so_by_its_words_or_by_its_place() -> None:
    named = with_titles(report(topic("Queues", 0), topic("Leases", 50)), ["Lines", "Rights"])
    made = report(topic("New"), topic("Queues", 70), topic("Of leases", 50))
    again = with_kept_titles(made, stored(named))

    assert names(again)[1:] == [("Lines", "Queues"), ("Rights", "Of leases")]
    assert names(with_kept_titles(report(topic("Of leases", 50)), stored(again))) == [
        ("Rights", "Of leases")
    ]


@pytest.mark.parametrize("known", [None, {"title": "of an older form"}])
def test_without_a_readable_report_topics_are_called_as_the_agent_does(
    known: dict[str, Any] | None,
) -> None:
    made = report(topic("Queues"))

    assert with_kept_titles(made, known) == made


def test_a_report_from_before_topics_could_be_renamed_is_read() -> None:
    old = stored(report(topic("Queues")))
    del old["topics"][0]["madeAs"]

    assert names(Analytics.model_validate(old)) == [("Queues", "")]


def test_each_topic_needs_its_title() -> None:
    with pytest.raises(InvalidQuery, match="has 1 topics"):
        with_titles(report(topic("Queues")), ["One", "Two"])
