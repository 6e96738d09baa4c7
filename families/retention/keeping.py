"""What speaks against deleting, now: asked when a manager looks, again when they decide, and again by the worker."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from families import registry
from families.loss import keeps_everything
from families.models import (
    AccessPack,
    Alert,
    Case,
    CaseTask,
    CopyOffer,
    Erasure,
    Family,
    LegalHold,
    Loss,
    Person,
    Protection,
    RiskConcern,
    What,
)
from families.retention import belonging
from families.retention.due import Reckoning, of_films, record_of, records_of
from families.retention.registry import Copy, films_kept, keepers
from families.retention.schedule import after


@dataclass(frozen=True)
class Against:
    """One reason to keep: a sentence, and where it is dealt with."""

    text: str
    url: str = ""


def reckoning(case: Case, what: str) -> Reckoning | None:
    """Until when it is kept, worked out now; None while work goes on."""
    return of_films(case) if what == What.FILMS else record_of(case.family)


def holds(family: Family) -> list[LegalHold]:
    """Legal holds in force."""
    return list(LegalHold.objects.standing().filter(family=family).select_related("by"))


def on_hold(family: uuid.UUID) -> bool:
    """Whether a legal hold is in force, of this family or of another household of its people: then nothing of the
    family is destroyed, whoever asks."""
    return LegalHold.objects.standing().covering(family).exists()


def held(family: str = "case__family") -> Exists:
    """The same, for a query whose rows lead to a family by that path."""
    return Exists(LegalHold.objects.standing().covering(OuterRef(family)))


def unasked(family: str = "case__family") -> Exists:
    """A baby died, and the family has not been asked yet (``families.loss.keeps_everything``), for such a query."""
    losses = Loss.objects.standing().of_babies().filter(asked_on__isnull=True)
    return Exists(losses.filter(person__memberships__family=OuterRef(family)))


def being_erased(kept: Person, gone: Person) -> str:
    """Why two people cannot be brought together (``families.registry.MergeRule``): the record of one is going."""
    here = Family.objects.filter(memberships__person__in=[kept, gone]).values("pk")
    if Erasure.objects.at_work().filter(family_id__in=here).exists():
        return "The record of one of them is being deleted."
    return ""


def against(case: Case, what: str, user: User, *, but: uuid.UUID | None = None) -> list[Against]:
    """Why it must not be deleted yet; empty when a manager may decide. ``but``: an erasure that is no reason itself.

    Of a hold it is said that there is one and not why: whoever works with the family reads this, too.
    """
    return list(_against(case, what, user, but))


def _against(case: Case, what: str, user: User, but: uuid.UUID | None) -> Iterator[Against]:
    here = {"case": case.pk}
    cases = [case] if what == What.FILMS else list(case.family.cases.select_related("family"))
    found = reckoning(case, what)
    if found is None:
        yield Against("Work with this family goes on.", reverse("families:case", kwargs=here))
        return
    if not found.is_over:
        yield Against(f"It is kept until {found.until:%-d %B %Y}: {found.line.rule.get_key_display().lower()}.")
    mine = holds(case.family)
    for hold in mine:
        yield Against(f"It is on hold until {f'{hold.until:%-d %B %Y}' if hold.until else 'somebody lifts that'}.")
    if not mine and on_hold(case.family_id):
        yield Against("Somebody of this family is in another record, too, and that one is on hold.")
    if keeps_everything(case.family):
        yield Against(
            "A baby of this family has died, and the family has not been asked yet what should become of what is kept. "
            "Ask when they are ready: nothing hurries.",
            reverse("families:people", kwargs=here),
        )
    for thing in registry.held_for(cases, user):
        yield Against(f"Kept as evidence: {thing.title}.", thing.url)
    if what == What.FILMS:
        for keeper in keepers():
            for text in keeper.only_account(case):
                yield Against(text, _at("families:case", case))
    if Erasure.objects.filter(family_id=case.family_id).exclude(pk__in=[but] if but else []).at_work().exists():
        yield Against("It is being deleted already.")
    if what == What.RECORD:
        yield from _against_record(case, cases, user)


def _against_record(case: Case, cases: list[Case], user: User) -> Iterator[Against]:
    people = Person.objects.filter(memberships__family=case.family_id)
    if AccessPack.objects.filter(case__in=cases).under_way().exists() or (
        AccessPack.objects.filter(person__in=people).under_way().exists()
    ):
        yield Against(
            "A copy of somebody’s record is asked for, and not handed over yet.", _at("families:access", case)
        )
    if Protection.objects.standing().filter(person__in=people).exists():
        yield Against(
            "Somebody is protected here still, and what is written may be what keeps them safe. Look at whether that "
            "is over.",
            _at("families:people", case),
        )
    if RiskConcern.objects.filter(case__in=cases).open().exists():
        yield Against("Of a concern nobody has said yet what came of it.", _at("families:risk", case))
    if CaseTask.objects.filter(case__in=cases).open().exists():
        yield Against("A task is open.", _at("families:tasks", case))
    if Alert.objects.filter(case__in=cases).open().exists():
        yield Against("An alert is not answered.", reverse("families:duty"))
    others = _bound_up_and_kept(case.family_id)
    named = set(Family.objects.visible_to(user).filter(pk__in=[other.pk for other in others]))
    for other in others:
        record = f"the record {other.reference}" if other in named else "another record"
        yield Against(
            f"It is bound up with {record}, which is still kept: what was decided or written here counts there."
        )


def _bound_up_and_kept(family: uuid.UUID) -> list[Family]:
    """Other households that would lose something which they still need. Two that are both over do not wait for one
    another."""
    roots = belonging.roots_of(family)
    others = belonging.bound_up(roots, belonging.rows_of(roots))
    if not others:
        return []
    over = {pk for pk, found in records_of(others).items() if found.is_over}
    found = Family.objects.filter(pk__in=others).annotate(on_hold=held("pk"), unasked=unasked("pk"))
    still = [other for other in found if other.pk not in over or other.on_hold or other.unasked]
    return sorted(still, key=lambda other: other.reference)


def _at(name: str, case: Case) -> str:
    return reverse(name, kwargs={"case": case.pk})


def offers_from(case: Case, what: str) -> date | None:
    """The first day on which copies may be offered so that it counts; None while work goes on.

    Films: from the day the case is closed, so that they can go in time. A record: in its last year. An offer from
    before, made when it was kept for longer or when the case was closed another time, was about something else.
    """
    found = reckoning(case, what)
    return None if found is None else offers_count_from(case, what, found.until)


def offers_count_from(case: Case, what: str, until: date) -> date:
    """The same for a case whose reckoning is known."""
    closed = case.closed_on or date.min
    return closed if what == What.FILMS else max(after(until, -1, "years"), closed)


def why_no_offer(case: Case, what: str) -> str:
    """Why copies are not offered today, as a sentence; "" when they are."""
    start = offers_from(case, what)
    if start is None:
        return "Work with this family goes on: copies are offered when it is over."
    if start > timezone.localdate():
        return f"It is kept for long yet. Copies are offered from {start:%-d %B %Y}."
    if keeps_everything(case.family):
        return (
            "A baby of this family has died. Ask first, when they are ready, what should become of what is kept: what "
            "they say is written down beside the loss."
        )
    return ""


def offer_for(case: Case, what: str) -> CopyOffer | None:
    """The latest offer of copies of this that counts."""
    start = offers_from(case, what)
    if start is None:
        return None
    offers = CopyOffer.objects.filter(case=case, what=what, offered_on__gte=start)
    return offers.select_related("by", "answered_by").first()


def may_decide(case: Case, what: str, user: User) -> list[str]:
    """What still has to happen before somebody may decide to delete, as sentences; empty when nothing has to."""
    return [each.text for each in against(case, what, user)] + unanswered(offer_for(case, what))


def unanswered(offer: CopyOffer | None) -> list[str]:
    """What is still to be done about copies for the family, as sentences."""
    if offer is None:
        return ["The family has not been offered copies."]
    if offer.is_over:
        return []
    if offer.answer:
        return ["The copies that the family would like are not given yet."]
    return [f"The family has until {offer.answer_by:%-d %B %Y} to answer."]


def has_films(case: Case) -> bool:
    """Whether there is anything left of this case that the schedule of films could end."""
    return bool(films_kept([case.pk]))


def copies_possible(case: Case, what: str) -> list[Copy]:
    """What the family could be given, since all whom it shows agree to that; besides, anybody may ask for a copy of
    their own record (families.packs)."""
    cases = [case] if what == What.FILMS else list(case.family.cases.all())
    return [copy for keeper in keepers() for copy in keeper.copies(cases)]


@dataclass(frozen=True)
class WouldGo:
    """How much a decision would delete."""

    films: int
    files: int
    rows: int


def what_would_go(case: Case, what: str) -> WouldGo:
    """Counted before somebody decides."""
    if what == What.FILMS:
        return WouldGo(sum(films_kept([case.pk]).values()), 0, 0)
    rows = belonging.rows_of(belonging.roots_of(case.family_id))
    cases = list(case.family.cases.values_list("pk", flat=True))
    return WouldGo(sum(films_kept(cases).values()), len(belonging.files_of(rows)), sum(map(len, rows.values())))
