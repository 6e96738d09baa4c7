"""Critical answers where staff meet them: the header of the case, the tasks of the day, the page of the case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, JSONField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.urls import reverse
from django.utils import timezone

from accounts.models import Permission, User
from families.columns import as_id, short_name_of
from families.models import Case
from families.registry import HeaderFact, HeaderSource, Task
from outcomes.models import CriticalAnswer

MOST = 50


@dataclass(frozen=True)
class CriticalView:
    """A critical answer in words for staff."""

    answer: CriticalAnswer

    @property
    def text(self) -> str:
        """What the question is about, in the words of the measure's definition."""
        definition = self.answer.version.definition
        return next((each.text for each in definition.critical if each.item == self.answer.item), "A critical answer")

    @property
    def said(self) -> str:
        """The answer in its own words, or its figure where the wording is not kept here."""
        item = self.answer.version.definition.item(self.answer.item)
        return item.label_of(self.answer.value) if item else str(self.answer.value)

    @property
    def where(self) -> str:
        """ "PHQ-9, question 9"."""
        return f"{self.answer.version}, question {self.answer.item}"


def critical_of(case: Case) -> list[CriticalView]:
    """Every critical answer of a case, those that nobody has acted on first."""
    rows = CriticalAnswer.objects.filter(case=case).select_related("version", "person", "acted_by", "asking", "score")
    return sorted(map(CriticalView, rows), key=lambda view: view.answer.acted_at is not None)


def _columns(case: Case, user: User) -> dict[str, Any]:
    """The first critical answer that nobody has acted on, and how many there are."""
    waiting = CriticalAnswer.objects.open().filter(case=OuterRef("pk")).order_by()
    first = JSONObject(id="pk", item="item", name=short_name_of("person"), measure="version__short_name")
    many = waiting.values("case").annotate(many=Count("pk")).values("many")
    return {
        "critical": Subquery(
            waiting.order_by("raised_at").values(first=first)[:1],
            output_field=JSONField(),
        ),
        "critical_many": Coalesce(Subquery(many, output_field=IntegerField()), 0),
    }


def _facts(case: Case, user: User, found: Mapping[str, Any]) -> Iterable[HeaderFact]:
    """ "Act today: Sam’s answer to PHQ-9, question 9", on every page of the case until somebody has."""
    first = found["critical"]
    if first is None:
        return
    more = f", and {found['critical_many'] - 1} more" if found["critical_many"] > 1 else ""
    yield HeaderFact(
        "Act today",
        f"{first['name']}’s answer to {first['measure']}, question {first['item']}" + more,
        reverse("outcomes:critical", kwargs={"case": case.pk, "answer": as_id(first["id"])}),
        order=0,
        pressing=True,
    )


IN_HEADER = HeaderSource(columns=_columns, facts=_facts)


def to_act_on(user: User) -> Iterator[Task]:
    """Whoever leads or joins the case, and the manager of its team, is asked the same day."""
    if not user.can(Permission.EDIT_CASES):
        return
    theirs = Q(case__lead=user) | Q(case__co_workers=user)
    if user.can(Permission.MANAGE_TEAM):
        theirs |= Q(case__team__in=user.teams_managed.all())
    waiting = CriticalAnswer.objects.visible_to(user).open().filter(theirs).distinct()
    for row in waiting.select_related("version", "case__family").order_by("raised_at")[:MOST]:
        raised = timezone.localtime(row.raised_at)
        yield Task(
            title=f"Act today: a critical answer to {row.version}",
            url=reverse("outcomes:critical", kwargs={"case": row.case_id, "answer": row.pk}),
            kind="critical",
            order=0,
            detail=f"{row.case.family.reference}, given {raised:%a %-d %b, %H:%M}",
            due=row.raised_at,
            case_id=str(row.case_id),
        )
