"""A person names the topics of a report; the names outlive the next run. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from backend.domain.analytics import Analytics, TopicReport
from backend.errors import FieldProblem, InvalidQuery


def with_titles(report: Analytics, titles: Sequence[str]) -> Analytics:
    """The report with its topics named so, in their order.

    Raises InvalidQuery unless there is a title for each.
    """
    if len(titles) != len(report.topics):
        problem = (
            f"The report has {len(report.topics)} topics: give as many titles, in their order."
        )
        raise InvalidQuery(problem, problems=[FieldProblem("topic_titles", problem)])
    named = [_named(topic, title) for topic, title in zip(report.topics, titles, strict=True)]
    return report.model_copy(update={"topics": named})


def with_kept_titles(made: Analytics, stored: Mapping[str, Any] | None) -> Analytics:
    """What was `made` anew, its topics named as a person named them in the `stored` report.

    A topic is the same one if the agent calls it the same or it stands in the same places.
    """
    try:
        current = Analytics.model_validate(stored)
    except ValidationError:
        return made
    named = [topic for topic in current.topics if topic.made_as]
    return made.model_copy(update={"topics": [_as_known(topic, named) for topic in made.topics]})


def _named(topic: TopicReport, title: str) -> TopicReport:
    made_as = topic.made_as or topic.title
    return topic.model_copy(update={"title": title, "made_as": "" if title == made_as else made_as})


def _as_known(topic: TopicReport, named: Sequence[TopicReport]) -> TopicReport:
    alike = [one for one in named if one.made_as == topic.title]
    placed = [one for one in named if topic.sources and one.sources == topic.sources]
    known = next(iter((*alike, *placed)), None)
    return _named(topic, known.title) if known else topic
