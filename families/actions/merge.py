"""Two records of one person: brought together, told apart, and taken apart again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Permission, User
from audit.actions import record as audit
from families import registry
from families.finding.duplicates import CHILDREN, facts_of
from families.finding.likeness import compare
from families.merging import stricter
from families.merging.fields import chosen
from families.merging.moving import Ledger, bury, change, move, remove, take_back
from families.models import Family, Membership, Merge, Person, TwoPeople

UNDOABLE_FOR = timedelta(days=30)


def older_first(one: Person, other: Person) -> tuple[Person, Person]:
    """Which record stays: the older one, to which most points already."""
    return (one, other) if (one.created_at, str(one.pk)) <= (other.created_at, str(other.pk)) else (other, one)


def why_not(kept: Person, gone: Person) -> list[str]:
    """Why two records must not be brought together, in sentences; nothing when they may."""
    if kept.pk == gone.pk:
        return ["This is one record, not two."]
    said = []
    if (kept.kind in CHILDREN) != (gone.kind in CHILDREN):
        said.append("One of them is a child and the other is not.")
    elif kept.kind in CHILDREN and Membership.objects.filter(
        person=gone, family__in=Membership.objects.filter(person=kept).values("family")
    ):
        said.append(
            "They are children of one household. Twins, brothers and sisters are never brought together. If one was "
            "entered in error, change that record instead."
        )
    return said + registry.merge_vetoes(kept, gone)


def _same_children(kept: Family, gone: Family) -> list[str]:
    """Names of children of the two households who seem to be one child."""
    people = Person.objects.filter(kind__in=CHILDREN)
    ours = list(people.filter(memberships__family=kept).exclude(memberships__family=gone))
    theirs = list(people.filter(memberships__family=gone).exclude(memberships__family=kept))
    known = facts_of([*ours, *theirs])
    return [one.short_name for one in ours for other in theirs if compare(known[one.pk], known[other.pk])]


def _one_household(kept: Family, gone: Family, ledger: Ledger) -> None:
    """Everything of one household goes to the other: its people, its cases, its addresses."""
    if same := _same_children(kept, gone):
        raise ValidationError(
            {
                "household": f"{' and '.join(same)} seems to be in both households. Bring those two records together "
                "first: children of one household cannot be."
            }
        )
    move(kept, gone, ledger)
    bury(gone, ledger)


@transaction.atomic
def merge_people(
    *,
    by: User,
    kept: Person,
    gone: Person,
    choices: Mapping[str, str],
    household: tuple[Family, Family] | None = None,
) -> Merge:
    """Bring two records of one person together: all that points at ``gone`` points at ``kept`` from now on.

    ``choices`` says of each field that differs whose value stays ("kept" or "gone"). ``household``, when two of their
    households are one, is (the one that stays, the one that goes). Where the consents of the two differ, the stricter
    stands. For 30 days it can be undone. Raises ValidationError.
    """
    if not by.can(Permission.MERGE_PEOPLE):
        raise ValidationError("Your role does not bring records together.")
    if kept.pk == gone.pk:
        raise ValidationError("This is one record, not two.")
    locked = {
        person.pk: person
        for person in Person.objects.select_for_update().filter(pk__in=[kept.pk, gone.pk]).order_by("pk")
    }
    if len(locked) != 2:
        raise ValidationError("One of the two records is no longer there. Look for it again.")
    kept, gone = locked[kept.pk], locked[gone.pk]
    if said := why_not(kept, gone):
        raise ValidationError(said)
    ledger = Ledger()
    values = chosen(kept, gone, dict(choices))
    people = stricter.concerned(kept, gone)
    before = stricter.stood(people, kept, gone)
    for pair in TwoPeople.objects.filter(one__in=locked, other__in=locked):
        remove(pair, ledger)
    move(kept, gone, ledger)
    bury(gone, ledger)
    for name, value in values.items():
        setattr(kept, name, value)
    kept.full_clean()
    kept.refresh_from_db()
    if values:
        change(kept, values, ledger)
    reference = ""
    if household is not None:
        reference = household[1].reference
        _one_household(*household, ledger)
    stricter.keep_the_stricter([person for person in people if person.pk != gone.pk], before, ledger)
    family = Family.objects.filter(memberships__person=kept).order_by("created_at").first()
    merge = Merge.objects.create(
        kept=kept,
        gone_id=gone.pk,
        family_reference=family.reference if family else "",
        gone_reference=reference,
        by=by,
        until=timezone.now() + UNDOABLE_FOR,
        snapshot=ledger.dump(),
    )
    audit(
        by=by,
        verb="person.merged",
        subject=kept,
        family_id=family.pk if family else "",
        gone=str(merge.gone_id),
        merge=str(merge.pk),
        fields=sorted(values),
        moved=len(ledger.moved),
        households=bool(household),
    )
    registry.tell_merged(kept, gone)
    return merge


@transaction.atomic
def undo_merge(*, by: User, merge: Merge) -> Person:
    """Take two records apart again, as they were; what was written since stays with the one that was kept.

    Raises ValidationError when it is too late, undone already, or another merge came on top.
    """
    if not by.can(Permission.UNDO_MERGES):
        raise ValidationError("Your role does not undo this. Ask your manager or administrator.")
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    if merge.undone_at is not None:
        raise ValidationError("This was undone already.")
    if not merge.can_be_undone:
        raise ValidationError("The 30 days are over: this is final.")
    if Merge.objects.undoable().filter(kept=merge.kept_id, at__gt=merge.at).exists():
        raise ValidationError("Another record was brought into this one since. Undo that first.")
    kept = merge.kept
    ledger = Ledger.load(merge.snapshot)
    try:
        with transaction.atomic():
            take_back(ledger)
    except IntegrityError:
        raise ValidationError(
            "Something was written since that stands where the other record stood, so this cannot be taken back."
        ) from None
    back = Person.objects.get(pk=merge.gone_id)
    kept.refresh_from_db()
    for person in {each.pk: each for each in (*stricter.concerned(kept, back), kept, back)}.values():
        for purpose in stricter.Purpose.values:
            registry.tell_holders(person, purpose)
    merge.undone_at, merge.undone_by, merge.snapshot = timezone.now(), by, ""
    merge.save(update_fields=["undone_at", "undone_by", "snapshot"])
    family = Family.objects.filter(memberships__person=kept).order_by("created_at").first()
    audit(
        by=by,
        verb="person.merge_undone",
        subject=kept,
        family_id=family.pk if family else "",
        back=str(back.pk),
        merge=str(merge.pk),
    )
    registry.tell_undone(kept, back)
    return back


@transaction.atomic
def tell_apart(*, by: User, one: Person, other: Person) -> None:
    """Two people who are alike are two: nobody is asked about them again."""
    first, second = sorted((one, other), key=lambda person: str(person.pk))
    if first == second:
        raise ValidationError("This is one record, not two.")
    _, made = TwoPeople.objects.get_or_create(one=first, other=second, defaults={"said_by": by})
    if made:
        audit(by=by, verb="person.told_apart", subject=one, other=str(other.pk))


@transaction.atomic
def finish_merges() -> int:
    """Empty the snapshots of merges whose 30 days are over; how many became final."""
    over = Merge.objects.filter(until__lte=timezone.now()).exclude(snapshot="")
    ids = list(over.values_list("pk", flat=True))
    for pk in ids:
        audit(by=None, verb="person.merge_final", subject=("families.merge", pk))
    return Merge.objects.filter(pk__in=ids).update(snapshot="")
