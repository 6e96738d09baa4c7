"""Episodes of care."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accounts.models import Permission, Role, Team
from families.models.pathway import ClosureReason, Meaning, Pathway, PathwayStage
from families.models.person import Family, Person

if TYPE_CHECKING:
    from accounts.models import User


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: User) -> CaseQuerySet:
        """The cases that ``user`` has a role and a reason to open, glass broken included.

        One rule for lists, pages, search, films and exports: whatever is not in this queryset does not exist
        for this person.
        """
        from families.models.access import BreakGlass
        from families.models.restriction import Restriction

        if not user.is_active:
            return self.none()
        reachable = self.exclude(family__in=Restriction.objects.keeping_out(user).values("family"))
        if user.can(Permission.SEE_ALL_CASES):
            return reachable
        glass = BreakGlass.objects.filter(user=user, until__gt=timezone.now()).values("case")
        reason = Q(pk__in=glass)
        if user.can(Permission.SEE_CASES):
            reason |= Q(lead=user) | Q(pk__in=Case.co_workers.through.objects.filter(user=user).values("case"))
            if user.role == Role.MANAGER:
                reason |= Q(team__in=user.teams_managed.all()) | Q(team=user.team_id, team__isnull=False)
            elif user.role != Role.TRAINEE and user.team_id:
                reason |= Q(team=user.team_id)
            if user.can(Permission.SUPERVISE):
                reason |= Q(lead__supervisor=user)
            reason |= Q(family__in=Restriction.objects.standing().filter(named=user).values("family"))
        return reachable.filter(reason)

    def open(self) -> CaseQuerySet:
        return self.filter(closed_on__isnull=True)

    def closed(self) -> CaseQuerySet:
        return self.filter(closed_on__isnull=False)

    def without_lead(self) -> CaseQuerySet:
        return self.filter(lead__isnull=True)


class Case(models.Model):
    """One episode of care: a family, the infants and caregivers in it, and who leads the work."""

    Stage = Meaning  # what a stage means to code; what the service calls it is ``place``

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    family = models.ForeignKey(Family, models.CASCADE, related_name="cases")
    team = models.ForeignKey(Team, models.PROTECT, related_name="cases")
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="cases_led")
    co_workers = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="cases_joined")
    people = models.ManyToManyField(Person, related_name="cases")
    pathway = models.ForeignKey(Pathway, models.PROTECT, related_name="cases")
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.ACCEPTED)
    place = models.ForeignKey(PathwayStage, models.PROTECT, related_name="cases")  # always of that meaning
    stage_since = models.DateField(default=timezone.localdate)
    opened_on = models.DateField(default=timezone.localdate)
    closed_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CaseQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-opened_on"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(stage="closed") & Q(closed_on__isnull=False))
                | (~Q(stage="closed") & Q(closed_on__isnull=True)),
                name="a_closed_case_has_its_date",
            )
        ]

    def __str__(self) -> str:
        return f"Case of {self.family}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Whoever sets a stage by its meaning need not know what the service calls it, nor on which pathway it is."""
        from families.pathways import first_pathway, stage_meaning

        if self.pathway_id is None:
            self.pathway = first_pathway()
        if self.place_id is None or self.place.meaning != self.stage or self.place.pathway_id != self.pathway_id:
            found = stage_meaning(self.stage, self.pathway_id)
            if found is None:  # this pathway knows no such stage; the first that does has its words
                found = PathwayStage.objects.filter(meaning=self.stage).first()
                if found is None:
                    raise ValidationError({"stage": "No pathway has this stage. Add it in the settings."})
                self.pathway = found.pathway
            self.place = found
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "place", "pathway"}
        super().save(*args, **kwargs)

    @property
    def stage_label(self) -> str:
        """What the service calls the stage that the case is in."""
        return self.place.label

    @property
    def stage_state(self) -> str:
        """ "red", "amber" or nothing: whether the case has been in its stage for longer than it should be."""
        return "" if self.is_closed else self.place.state(self.days_in_stage())

    def days_since_opened(self, on: date | None = None) -> int:
        """Whole days of this episode, until today or until it closed."""
        return max(0, ((on or self.closed_on or timezone.localdate()) - self.opened_on).days)

    @property
    def is_closed(self) -> bool:
        return self.closed_on is not None

    def days_in_stage(self, on: date | None = None) -> int:
        """Whole days since the case entered its stage."""
        return max(0, ((on or timezone.localdate()) - self.stage_since).days)


class StageChange(models.Model):
    """Which stage a case entered, when, and who moved it. Never changed."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="stage_changes")
    stage = models.CharField(max_length=10, choices=Case.Stage.choices)
    label = models.CharField(max_length=60, blank=True)  # what the service called it then
    pathway_label = models.CharField(max_length=80, blank=True)  # when the pathway changed: what it changed to
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)  # why it was closed, opened again, or put on another pathway

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.stage_label} {self.at:%Y-%m-%d}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Written once: TypeError for a change."""
        if not self._state.adding:
            raise TypeError("The history of stages is never changed.")
        super().save(*args, **kwargs)

    @property
    def stage_label(self) -> str:
        return self.label or self.get_stage_display()


class Closure(models.Model):
    """How one closing was: why, what came of it. A case that is opened again and closed again has two."""

    class Goals(models.TextChoices):
        REACHED = "reached", "Reached"
        PARTLY = "partly", "Partly reached"
        NOT_REACHED = "not_reached", "Not reached"
        NONE_SET = "none_set", "None were set"

    case = models.ForeignKey(Case, models.CASCADE, related_name="closures")
    closed_on = models.DateField()
    why = models.ForeignKey(ClosureReason, models.PROTECT, null=True, related_name="closures")
    summary = models.TextField()
    goals = models.CharField(max_length=12, choices=Goals.choices, blank=True)
    goals_note = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"Closed {self.closed_on:%Y-%m-%d}"
