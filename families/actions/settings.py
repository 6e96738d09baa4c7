"""What a service changes in its own lists. Nothing is ever deleted: what is put away stays where it is in use."""

from __future__ import annotations

from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max

from accounts.models import User
from audit.actions import record as audit
from families.models import CaseLimits, ClosureReason, Meaning, Pathway, PathwayStage

# What every pathway needs an offered stage of: a case begins somewhere, and ends.
NEEDED = (Meaning.ACCEPTED, Meaning.ALLOCATED, Meaning.ENGAGING, Meaning.CLOSED)
# What a new pathway begins with.
SKELETON = (
    (Meaning.ACCEPTED, "Accepted"),
    (Meaning.ALLOCATED, "Allocated"),
    (Meaning.ENGAGING, "Engaging"),
    (Meaning.WORKING, "Working together"),
    (Meaning.ENDING, "Ending"),
    (Meaning.CLOSED, "Closed"),
)

MOST_DAYS = 3650  # ten years: no case is that long in a stage

Row = TypeVar("Row", bound=models.Model)


def _last(rows: models.QuerySet) -> int:
    return int(rows.aggregate(last=Max("position"))["last"] or 0)


def _write(by: User, row: models.Model, noun: str) -> None:
    new = row.pk is None
    row.full_clean()
    row.save()
    audit(by=by, verb=f"{noun}.added" if new else f"{noun}.changed", subject=row)


@transaction.atomic
def save_pathway(*, by: User, pathway: Pathway) -> Pathway:
    """Keep a pathway as it was filled in; a new one begins with the stages that every pathway needs."""
    new = pathway.pk is None
    if new:
        pathway.position = _last(Pathway.objects.all()) + 1
    elif not pathway.active and not Pathway.objects.filter(active=True).exclude(pk=pathway.pk).exists():
        raise ValidationError({"active": "This is the last pathway that is offered. Offer another one first."})
    _write(by, pathway, "pathway")
    if new:
        for position, (meaning, label) in enumerate(SKELETON, start=1):
            PathwayStage(pathway=pathway, meaning=meaning, label=label, position=position).save()
    return pathway


@transaction.atomic
def save_stage(*, by: User, stage: PathwayStage) -> PathwayStage:
    """Keep a stage as it was filled in. Raises ValidationError when its pathway could no longer begin or end a case."""
    others = PathwayStage.objects.filter(pathway=stage.pathway).exclude(pk=stage.pk)
    if stage.pk is None:
        closing = others.filter(meaning=Meaning.CLOSED).first()
        stage.position = closing.position if closing else _last(others) + 1
        for later in others.filter(position__gte=stage.position):
            later.position += 1
            later.save(update_fields=["position"])
    elif (
        stage.meaning in NEEDED and not stage.active and not others.filter(meaning=stage.meaning, active=True).exists()
    ):
        raise ValidationError({"active": "Every pathway needs this stage. Call it what you like, but keep it."})
    for name in ("amber_days", "red_days"):
        if (getattr(stage, name) or 0) > MOST_DAYS:
            raise ValidationError({name: f"Enter {MOST_DAYS} days or fewer"})
    if stage.amber_days is not None and stage.red_days is not None and stage.red_days <= stage.amber_days:
        raise ValidationError({"red_days": "Red must come after amber"})
    _write(by, stage, "stage")
    return stage


@transaction.atomic
def save_closure_reason(*, by: User, reason: ClosureReason) -> ClosureReason:
    """Keep a reason as it was filled in; cases that closed for it keep it."""
    if reason.pk is None:
        reason.position = _last(ClosureReason.objects.all()) + 1
    if reason.key and not reason.active:
        raise ValidationError({"active": "The service itself uses this reason. Word it as you like, but keep it."})
    if not reason.active and not ClosureReason.objects.filter(active=True).exclude(pk=reason.pk).exists():
        raise ValidationError({"active": "This is the last reason that is offered. Offer another one first."})
    _write(by, reason, "closure_reason")
    return reason


@transaction.atomic
def save_case_limits(*, by: User, limits: CaseLimits) -> CaseLimits:
    """Keep until what age the service works with an infant, and how early it says so."""
    limits.pk = 1
    limits.full_clean(exclude=["id"])
    limits.save()
    audit(by=by, verb="case_limits.changed", subject=limits)
    return limits


@transaction.atomic
def move(*, by: User, row: Row, among: models.QuerySet[Row], up: bool) -> None:
    """Change places with the row before or after; nothing happens at the ends of the list."""
    rows = list(among.select_for_update().order_by("position", "pk"))
    at = next(index for index, each in enumerate(rows) if each.pk == row.pk)
    other = at - 1 if up else at + 1
    if not 0 <= other < len(rows):
        return
    rows[at], rows[other] = rows[other], rows[at]
    for position, each in enumerate(rows, start=1):
        if each.position != position:  # type: ignore[attr-defined]
            each.position = position  # type: ignore[attr-defined]
            each.save(update_fields=["position"])
    audit(by=by, verb=f"{row._meta.model_name}.moved", subject=row)
