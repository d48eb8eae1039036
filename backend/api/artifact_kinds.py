"""The kinds of artifacts that are served, in one table: a new one is an entry here.

The routes (`routes/artifacts.py`, `routes/artifact_views.py`) are made from it, and with them the
OpenAPI document and what the page's client knows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from backend.api.schemas.analytics import AnalyticsEdit, AnalyticsOut, AnalyticsVersionOut
from backend.api.schemas.artifacts import CurrentVersion, WholeVersion
from backend.api.schemas.plan import PlanEdit, PlanOut, PlanVersionOut
from backend.api.schemas.sources import SourcesEdit, SourcesOut, SourcesVersionOut
from backend.api.schemas.synopsis import SynopsisEdit, SynopsisOut, SynopsisVersionOut
from backend.domain.analytics import ANALYTICS, Analytics
from backend.domain.artifacts import SYNOPSIS, ArtifactKind, Synopsis
from backend.domain.edits import marked_edits
from backend.domain.listed import Lists, as_changed
from backend.domain.plan import PLAN, CoursePlan, as_edited
from backend.domain.sources import SOURCES, Sources
from backend.domain.topic_titles import with_titles
from backend.exports.analytics_as_notes import analytics_as_notes
from backend.exports.plan_as_notes import plan_as_notes
from backend.exports.sources_as_notes import sources_as_notes

Content = TypeVar("Content", bound=BaseModel)
Edit = TypeVar("Edit", bound=BaseModel)
ListsOf = TypeVar("ListsOf", bound=Lists)


@dataclass(frozen=True)
class ServedKind(Generic[Content, Edit]):
    """How one kind is answered (`current`, `whole`), changed, exported and compared.

    `changed` is what a person's edit makes of the current content; `as_notes` shows a content as
    notes, which all exports and comparisons are made of. `cites_throughout`: the agent writes
    nothing without its source, so that what has none is a person's; where it doesn't, such a thing
    may be a sum or a figure of our own counting.
    """

    kind: ArtifactKind
    content: type[Content]
    current: type[CurrentVersion]
    whole: type[WholeVersion]
    edit: type[Edit]
    changed: Callable[[Content, Edit], Content]
    as_notes: Callable[[Content], Synopsis]
    cites_throughout: bool = False

    @property
    def name(self) -> str:
        return self.kind.name

    def notes_of(self, content: dict[str, Any]) -> Synopsis:
        """A stored content as notes."""
        return self.as_notes(self.content.model_validate(content))

    def content_after(self, before: dict[str, Any], edit: Any) -> dict[str, Any]:
        """The content that a person's edit makes of a stored one."""
        after = self.changed(self.content.model_validate(before), edit)
        return after.model_dump(mode="json", by_alias=True)


def _with_given(before: Content, edit: BaseModel) -> Content:
    """`before` with what the edit gives; what it leaves out stays."""
    given = {name: getattr(edit, name) for name in type(edit).model_fields}
    return before.model_copy(update={k: value for k, value in given.items() if value is not None})


def _changed_notes(before: Synopsis, edit: SynopsisEdit) -> Synopsis:
    marked = marked_edits(before.items, edit.items)
    return _with_given(before, edit).model_copy(update={"items": marked})


def _changed_plan(before: CoursePlan, edit: PlanEdit) -> CoursePlan:
    total = sum(module.minutes for module in edit.modules)
    return as_edited(before, _with_given(before, edit).model_copy(update={"minutes": total}))


def _changed_lists(before: ListsOf, edit: BaseModel) -> ListsOf:
    return as_changed(before, _with_given(before, edit))


def _changed_report(before: Analytics, edit: AnalyticsEdit) -> Analytics:
    after = _changed_lists(before, edit.model_copy(update={"topic_titles": None}))
    return after if edit.topic_titles is None else with_titles(after, edit.topic_titles)


def _as_it_is(synopsis: Synopsis) -> Synopsis:
    return synopsis


SERVED: tuple[ServedKind[Any, Any], ...] = (
    ServedKind(
        SYNOPSIS,
        Synopsis,
        SynopsisOut,
        SynopsisVersionOut,
        SynopsisEdit,
        changed=_changed_notes,
        as_notes=_as_it_is,
        cites_throughout=True,
    ),
    ServedKind(
        PLAN,
        CoursePlan,
        PlanOut,
        PlanVersionOut,
        PlanEdit,
        changed=_changed_plan,
        as_notes=plan_as_notes,
    ),
    ServedKind(
        ANALYTICS,
        Analytics,
        AnalyticsOut,
        AnalyticsVersionOut,
        AnalyticsEdit,
        changed=_changed_report,
        as_notes=analytics_as_notes,
    ),
    ServedKind(
        SOURCES,
        Sources,
        SourcesOut,
        SourcesVersionOut,
        SourcesEdit,
        changed=_changed_lists,
        as_notes=sources_as_notes,
    ),
)
