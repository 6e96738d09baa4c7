"""A protected caregiver: where they are, how to reach them and when they come is kept from others in the family."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from families import actions
from families.models import AccessPack, Address, Document, Person, Protection
from families.packs import gathering, working
from families.protection import guarded_in, hidden_from
from sessions.models import Attendance, VigSession
from tests.cast import Cast, FamilyInTests, make_family

SignedIn = Callable[[User], Client]
TELLING = (
    "07700 900456",
    "07700900456",
    "+447700900456",
    "nan@example.org",
    "7 Quiet Lane",
    "SW1A 1AA",
    "when he is out",
)


@pytest.fixture
def apart(cast: Cast, family: FamilyInTests) -> FamilyInTests:
    """Nan lives elsewhere, and comes to sessions of her own."""
    nan = family.nan
    nan.phone, nan.email, nan.safe_times = "+447700900456", "nan@example.org", "mornings, when he is out"
    nan.save()
    Address.objects.create(person=nan, lines="7 Quiet Lane\nElsewhere", postcode="SW1A 1AA")
    session = VigSession.objects.create(
        case=family.case, kind="engagement", place="hub", starts_at=timezone.now(), practitioner=cast.asha
    )
    Attendance.objects.create(session=session, person=nan, code=Attendance.Code.ON_TIME)
    return family


def protect(family: FamilyInTests, by: User, **more: object) -> Protection:
    return actions.protect(by=by, case=family.case, person=family.nan, reason="He must not find her.", **more)  # type: ignore[arg-type]


def person_page(family: FamilyInTests, person: Person) -> str:
    return reverse("families:person", args=[family.case.pk, person.pk])


def told(page: bytes | str) -> list[str]:
    text = page.decode() if isinstance(page, bytes) else page
    return [word for word in TELLING if word in text]


def copy_for(family: FamilyInTests, cast: Cast, person: Person) -> str:
    """What a copy of somebody's record would say, as it is gathered for reading through."""
    by = AccessPack.AskedBy
    pack = actions.ask_for_pack(
        by=cast.carol,
        case=family.case,
        person=person,
        asked_by=by.RESPONSIBLE if person.kind == Person.Kind.INFANT else by.SELF,
        asked_by_name="Sam Example",
        asked_on=timezone.localdate(),
        identity="Known to me.",
    )
    working.work(str(pack.pk), str(pack.attempt))
    pack.refresh_from_db()
    return json.dumps(pack.gathered)


def test_from_everybody_is_everybody_but_herself(cast: Cast, apart: FamilyInTests) -> None:
    assert not hidden_from(apart.sam, apart.family)
    protect(apart, cast.asha)
    for viewer in (apart.sam, apart.rowan, None):
        hidden = hidden_from(viewer, apart.family)
        assert hidden.hides(apart.nan), viewer
        assert not hidden.hides(apart.sam)
        assert set(TELLING[:4]) <= {*hidden.words, "07700 900456"}
    assert not hidden_from(apart.nan, apart.family)


def test_from_one_of_them_is_from_the_family_together_too(cast: Cast, apart: FamilyInTests) -> None:
    kit = Person.objects.create(kind="caregiver", first_name="Kit")
    apart.case.people.add(kit)
    apart.family.memberships.create(person=kit, relationship="non_birth_parent")
    protect(apart, cast.asha, from_everyone=False, from_people=[kit])
    assert hidden_from(kit, apart.family).hides(apart.nan)
    assert not hidden_from(apart.sam, apart.family).hides(apart.nan)
    assert hidden_from(None, apart.family).hides(apart.nan)  # somebody may look over a shoulder


def test_staff_see_it_after_a_click_that_is_written_down(cast: Cast, apart: FamilyInTests, signed_in: SignedIn) -> None:
    asha = signed_in(cast.asha)
    url = person_page(apart, apart.nan)
    assert told(asha.get(url).content)
    protect(apart, cast.asha)
    people = reverse("families:people", args=[apart.case.pk])
    assert told(asha.get(url).content) == []
    assert told(asha.get(people).content) == []
    case = asha.get(reverse("families:case", args=[apart.case.pk])).content.decode()
    assert "Protected" in case
    assert "Nan: tell nobody in the family where they are" in case
    for name in ("person-contact", "person-edit"):
        answer = asha.get(reverse(f"families:{name}", args=[apart.case.pk, apart.nan.pk]), follow=True)
        assert told(answer.content) == [], name
    assert not AuditEvent.objects.filter(verb="whereabouts.opened").exists()
    opened = asha.post(reverse("families:whereabouts", args=[apart.case.pk, apart.nan.pk]), follow=True)
    assert told(opened.content)
    event = AuditEvent.objects.get(verb="whereabouts.opened")
    assert (event.subject_id, event.detail.get("name")) == (str(apart.nan.pk), None)
    assert told(asha.get(people).content) == []  # opened on her own page alone
    assert told(signed_in(cast.asha).get(url).content) == []  # and for this sign-in alone


@pytest.mark.parametrize("whose", ["sam", "rowan"])
def test_nothing_of_it_is_in_another_ones_copy(whose: str, cast: Cast, apart: FamilyInTests) -> None:
    protect(apart, cast.asha)
    said = copy_for(apart, cast, getattr(apart, whose))
    assert told(said) == []
    assert "He must not find her." not in said


def test_her_own_copy_has_it_and_not_the_reason(cast: Cast, apart: FamilyInTests) -> None:
    protect(apart, cast.asha)
    said = copy_for(apart, cast, apart.nan)
    assert "7 Quiet Lane" in said
    assert "nan@example.org" in said


def test_a_copy_that_was_under_way_is_gathered_anew(cast: Cast, apart: FamilyInTests) -> None:
    facts = {"asked_by": AccessPack.AskedBy.SELF, "asked_on": timezone.localdate(), "identity": "Known to me."}
    pack = actions.ask_for_pack(by=cast.carol, case=apart.case, person=apart.sam, **facts)  # type: ignore[arg-type]
    working.work(str(pack.pk), str(pack.attempt))
    before = AccessPack.objects.get(pk=pack.pk)
    protect(apart, cast.asha)
    after = AccessPack.objects.get(pk=pack.pk)
    assert after.attempt != before.attempt


def test_what_is_said_again_replaces_and_what_ends_is_kept(cast: Cast, apart: FamilyInTests) -> None:
    protect(apart, cast.asha)
    protect(apart, cast.asha)
    assert Protection.objects.count() == 2
    assert Protection.objects.standing().count() == 1
    with pytest.raises(ValidationError):
        actions.end_protection(by=cast.asha, case=apart.case, person=apart.nan, reason=" ")
    actions.end_protection(by=cast.asha, case=apart.case, person=apart.nan, reason="He has left the country.")
    assert not hidden_from(apart.sam, apart.family)
    assert not guarded_in(apart.case).protections
    assert Protection.objects.count() == 2
    verbs = AuditEvent.objects.filter(subject_id=str(apart.nan.pk)).values_list("verb", flat=True)
    assert {"person.protected", "person.protection_lifted"} <= set(verbs)


def test_a_child_is_not_protected_but_whoever_it_lives_with(
    cast: Cast, apart: FamilyInTests, signed_in: SignedIn
) -> None:
    with pytest.raises(ValidationError):
        actions.protect(by=cast.asha, case=apart.case, person=apart.rowan, reason="x")
    asha = signed_in(cast.asha)
    answer = asha.get(reverse("families:protect", args=[apart.case.pk, apart.rowan.pk]), follow=True)
    assert "Whoever a child lives with is protected" in answer.content.decode()


def test_the_form_says_what_is_missing_and_keeps_what_was_typed(
    cast: Cast, apart: FamilyInTests, signed_in: SignedIn
) -> None:
    asha, url = signed_in(cast.asha), reverse("families:protect", args=[apart.case.pk, apart.nan.pk])
    answer = asha.post(url, {"reason": "He must not find her."})
    page = answer.content.decode()
    assert "There is a problem" in page
    assert "He must not find her." in page
    assert not Protection.objects.exists()
    answer = asha.post(url, {"whom": "everyone", "reason": "He must not find her."}, follow=True)
    assert "Nan is protected." in answer.content.decode()
    assert Protection.objects.standing().count() == 1


# --- Two records of one person -------------------------------------------------------------------------------


@pytest.fixture
def again(cast: Cast) -> FamilyInTests:
    """Another household of the same team, in which the same grandmother is written down a second time."""
    other = make_family(cast.asha)
    other.rowan.first_name = "Wren"
    other.rowan.save()
    other.nan.phone, other.nan.email = "+447700900777", "pat@example.test"
    other.nan.save()
    return other


def test_two_records_side_by_side_do_not_tell_where_she_is(
    cast: Cast, family: FamilyInTests, again: FamilyInTests, signed_in: SignedIn
) -> None:
    page = reverse("families:merge", kwargs={"person": family.nan.pk, "other": again.nan.pk})
    client = signed_in(cast.ina)
    assert "07700 900777" in client.get(page).content.decode(), "of somebody who is not protected it is shown"
    actions.protect(by=cast.asha, case=family.case, person=family.nan, reason="He is looking for her.")
    shown = client.get(page).content.decode()
    assert "900777" not in shown
    assert "pat@example.test" not in shown
    assert "Kept back: protected" in shown


def test_of_two_protections_the_stricter_stands_and_can_be_taken_apart_again(
    cast: Cast, family: FamilyInTests, again: FamilyInTests
) -> None:
    actions.protect(
        by=cast.asha,
        case=family.case,
        person=family.nan,
        reason="From Sam alone.",
        from_everyone=False,
        from_people=[family.sam],
    )
    actions.protect(by=cast.asha, case=again.case, person=again.nan, reason="From all of them.")
    merge = actions.merge_people(by=cast.ina, kept=family.nan, gone=again.nan, choices={})
    stands = Protection.objects.standing().get()
    assert stands.from_everyone
    assert stands.reason == "From Sam alone.\n\nFrom all of them."
    assert hidden_from(family.sam, family.family).hides(family.nan)
    assert hidden_from(again.sam, again.family).hides(family.nan)
    actions.undo_merge(by=cast.dev, merge=merge)
    was = {each.person_id: each.from_everyone for each in Protection.objects.standing()}
    assert was == {family.nan.pk: False, again.nan.pk: True}


def test_a_protection_from_named_people_is_never_lost_in_a_merge(
    cast: Cast, family: FamilyInTests, again: FamilyInTests
) -> None:
    for each, whom in ((family, family.sam), (again, again.sam)):
        actions.protect(
            by=cast.asha, case=each.case, person=each.nan, reason="r", from_everyone=False, from_people=[whom]
        )
    with pytest.raises(ValidationError, match="Settle that in the two records first"):
        actions.merge_people(by=cast.ina, kept=family.nan, gone=again.nan, choices={})
    assert Protection.objects.standing().count() == 2


# --- Documents -----------------------------------------------------------------------------------------------


def test_a_document_of_nobodys_never_leaves_and_one_of_theirs_is_opened_first(cast: Cast, apart: FamilyInTests) -> None:
    for number, (whose, title) in enumerate(((None, "Minutes"), (apart.sam, "A letter"))):
        Document.objects.create(
            case=apart.case,
            person=whose,
            title=title,
            kind=Document.Kind.PLAN,
            stored=f"documents/{number}",
            file_kind="pdf",
            file_name="To 7 Quiet Lane.pdf",
            size=1,
            sha256="0" * 64,
            uploaded_by=cast.asha,
        )
    before = {entry["title"]: entry for entry in documents_in_copy_of(apart.sam)}
    assert not any(entry["sealed"] or entry["withhold"] for entry in before.values())
    protect(apart, cast.asha)
    entries = {entry["title"].split(": ")[1]: entry for entry in documents_in_copy_of(apart.sam)}
    assert entries["Minutes"]["sealed"]
    assert "add it again for whoever it is about" in entries["Minutes"]["withhold"]
    assert not entries["A letter"]["sealed"]
    assert "Open the document first" in entries["A letter"]["withhold"]
    assert told(json.dumps(list(entries.values()))) == [], "nor does the name of a file tell"
    assert not any(entry["sealed"] for entry in documents_in_copy_of(apart.nan)), "her own copy is her own"


def documents_in_copy_of(person: Person) -> list[dict[str, Any]]:
    sections = gathering.gather(person)
    return next(section["entries"] for section in sections if section["key"] == "documents")
