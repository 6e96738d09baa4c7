"""Critical answers where staff meet them: the header of the case, the tasks of the day, the page of the case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Permission, User
from families.models import Case
from families.registry import HeaderFact, Task
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


def in_header(case: Case, user: User) -> Iterator[HeaderFact]:
    """ "Act today: Sam’s answer to PHQ-9, question 9", on every page of the case until somebody has."""
    for row in CriticalAnswer.objects.filter(case=case).open().select_related("version", "person"):
        whose = f"{row.person.short_name}’s answer to " if row.person else ""
        yield HeaderFact(
            "Act today",
            f"{whose}{CriticalView(row).where}",
            reverse("outcomes:critical", kwargs={"case": case.pk, "answer": row.pk}),
            order=0,
            pressing=True,
        )


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
