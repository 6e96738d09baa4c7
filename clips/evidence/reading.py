"""What a film that is kept as evidence adds to the record, and what it asks of the safeguarding leads."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import JSONField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone

from accounts import safeguarding
from clips import consent
from clips.models import EvidenceHold, Recording
from families.columns import as_date, as_id
from families.models import Case
from families.registry import HeaderFact, HeaderSource, HeldThing, Task, TimelineEntry, TimelineRow, TimelineSource

if TYPE_CHECKING:
    from accounts.models import User

MOST = 50


def hold_on(recording: Recording) -> EvidenceHold | None:
    """The hold in force on a film, with who keeps it."""
    if recording.evidence_since is None:
        return None
    return EvidenceHold.objects.in_force().filter(recording=recording).select_related("held_by").first()


def said(recording: Recording) -> str:
    """What everybody who may know of the film is told instead of being shown it: by whom it is kept, and not why."""
    held = hold_on(recording)
    if held is None:
        return ""
    return f"This film is kept as evidence by {held.held_by.name}. Nobody but {_leads()} can look at it."


def _leads() -> str:
    names = safeguarding.leads().names
    return f"the safeguarding lead ({names})" if names else "a safeguarding lead (nobody is named at present)"


def held_things(cases: Collection[Case], user: User) -> Iterator[HeldThing]:
    """Every film of these cases that is kept as evidence, whoever asks: deleting waits for each of them.

    For the leads with the page on which they look at it; for others with the film's own, which says by whom it is kept.
    """
    held = list(EvidenceHold.objects.in_force().of_cases(cases).select_related("recording", "held_by"))
    if not held:
        return
    mine = set(EvidenceHold.objects.visible_to(user).filter(pk__in=[each.pk for each in held]))
    leads = _leads()
    for each in held:
        film = each.recording
        page = ("clips:evidence-film", each.pk) if each in mine else ("clips:film", film.pk)
        yield HeldThing(
            title=f"The film of {film.filmed_on:%-d %B %Y}",
            detail=(
                f"Kept as evidence by {each.held_by.name} since {timezone.localtime(each.held_at):%-d %b %Y}. "
                f"Nobody but {leads} can look at it."
            ),
            url=reverse(page[0], args=[page[1]]),
        )


# --- For the safeguarding leads ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kept:
    """One hold as the leads see it."""

    held: EvidenceHold

    @property
    def film(self) -> Recording:
        return self.held.recording

    @property
    def reference(self) -> str:
        return str(self.film.case.family.reference)

    @property
    def due(self) -> list[str]:
        """Why the film is deleted when it is released, in sentences; empty when it then goes on where it was."""
        if self.held.deletion_due_at is None or self.film.stopped_cause != Recording.Cause.CONSENT:
            return []
        return consent.taken_back(self.film)


def kept_for(user: User) -> list[Kept]:
    """Every film that is kept as evidence and that this lead may look at, what is to be looked at soonest first."""
    rows = EvidenceHold.objects.visible_to(user).in_force().select_related("recording__case__family", "held_by")
    return [Kept(each) for each in rows.order_by("review_on", "held_at")]


def to_do(user: User) -> Iterator[Task]:
    """The leads tell the people in a film what is kept and why, and look at whether it is still needed."""
    rows = EvidenceHold.objects.visible_to(user).in_force().select_related("recording__case__family")
    for held in rows.order_by("review_on")[:MOST]:
        film = held.recording
        url, case_id = reverse("clips:evidence-film", args=[held.pk]), str(film.case_id)
        where = f"{film.case.family.reference}, filmed on {film.filmed_on:%-d %b %Y}"
        if held.to_tell:
            again = " again, now that somebody has taken their agreement back" if held.told_at else ""
            title = f"Tell the people in a film that it is kept as evidence{again}"
            yield Task(title, url, "evidence", order=7, detail=where, case_id=case_id)
        if held.review_on <= timezone.localdate():
            yield Task(
                "Is this film still needed as evidence?",
                url,
                "evidence",
                order=9,
                detail=f"{where}; to be looked at by {held.review_on:%-d %b %Y}",
                case_id=case_id,
            )


# --- The case ------------------------------------------------------------------------------------------------


def _columns(case: Case, user: User) -> dict[str, Any]:
    rows = EvidenceHold.objects.in_force().filter(recording__case=OuterRef("pk"))
    # One that its people are told of speaks for all; else the header must not give away what they are not to learn.
    told = models.Case(When(words="", then=Value(0)), default=Value(1))
    found = JSONObject(by="held_by__name", told="told")
    return {
        "evidence": Subquery(
            rows.annotate(told=told).order_by("-told", "-held_at").values(found=found)[:1], output_field=JSONField()
        )
    }


def _facts(case: Case, user: User, found: Mapping[str, Any]) -> Iterable[HeaderFact]:
    """The header may be seen by a family over somebody's shoulder: it says no more than its people are told."""
    if (held := found["evidence"]) is None:
        return
    url = reverse("families:risk", kwargs={"case": case.pk})
    if held["told"]:
        yield HeaderFact("Film", f"kept as evidence by {held['by']}", url, order=20)
    else:
        yield HeaderFact("Film", "one is not shown, see Risk", url, order=20)


IN_HEADER = HeaderSource(columns=_columns, facts=_facts)


def _what(row: TimelineRow) -> str:
    return f"Film of {as_date(row.data['filmed_on']):%-d %b %Y}"


def _held(row: TimelineRow) -> TimelineEntry:
    return TimelineEntry(
        at=row.at,
        title=f"{_what(row)} kept as evidence",
        url=reverse("clips:film", args=[as_id(row.data["film"])]),
        by=row.data["by"],
    )


def _released(row: TimelineRow) -> TimelineEntry:
    return TimelineEntry(
        at=row.at,
        title=f"{_what(row)} not needed as evidence any more",
        url=reverse("clips:film", args=[as_id(row.data["film"])]),
        by=row.data["by"],
    )


_COLUMNS = {"filmed_on": "recording__filmed_on", "film": "recording_id"}
_TOLD = ~Q(words="")  # what its people are not to learn stands on the risk page alone

SOURCES = (
    TimelineSource(
        key="evidence",
        kind="film",
        kind_label="Films",
        rows=lambda case, user: EvidenceHold.objects.of_cases([case]).filter(_TOLD),
        at="held_at",
        columns={**_COLUMNS, "by": "held_by__name"},
        entry=_held,
        people="recording__people",
    ),
    TimelineSource(
        key="evidence-released",
        kind="film",
        kind_label="Films",
        rows=lambda case, user: EvidenceHold.objects.of_cases([case]).filter(_TOLD, released_at__isnull=False),
        at="released_at",
        columns={**_COLUMNS, "by": "released_by__name"},
        entry=_released,
        people="recording__people",
    ),
)
