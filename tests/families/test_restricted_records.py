"""A restricted record: for everybody who is not named it is not there, in no list, search, count or log."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import log
from accounts.models import User
from audit.models import AuditEvent
from families import access, actions, registry
from families.models import BreakGlass, Case, Family, Person, Restriction
from sessions.models import VigSession
from tests.cast import Cast, FamilyInTests, make_family

SignedIn = Callable[[User], Client]
REASON = "A colleague is the grandmother."
WHY = "Asha is ill and the family rang in distress."


@pytest.fixture
def manager(cast: Cast) -> User:
    """Another manager of Asha's team, whom no restriction names."""
    user = User.objects.create(email="mo@service.example", name="Mo Manager", role="manager", team=cast.north)
    user.teams_managed.add(cast.north)
    return user


@pytest.fixture
def restricted(cast: Cast, family: FamilyInTests) -> FamilyInTests:
    actions.restrict_family(by=cast.carol, case=family.case, named=[cast.asha, cast.carol], reason=REASON)
    return family


def test_only_the_people_named_find_it(
    cast: Cast, restricted: FamilyInTests, manager: User, signed_in: SignedIn
) -> None:
    url = reverse("families:case", kwargs={"case": restricted.case.pk})
    for user in (cast.asha, cast.carol):
        assert signed_in(user).get(url).status_code == 200
    for user in (manager, cast.ina, cast.ben, cast.sue, cast.tess, cast.dev):
        client = signed_in(user)
        assert client.get(url).status_code == 404, user
        assert not Case.objects.visible_to(user).exists()
        assert not Family.objects.visible_to(user).exists()
        assert not Person.objects.visible_to(user).exists()
        for query in ("rowan", restricted.family.reference, "example"):
            assert "Rowan" not in client.get(reverse("families:list"), {"q": query, "scope": "all"}).content.decode()


def test_its_pages_say_so_to_those_who_may_open_it(cast: Cast, restricted: FamilyInTests, signed_in: SignedIn) -> None:
    page = signed_in(cast.asha).get(reverse("families:people", kwargs={"case": restricted.case.pk})).content.decode()
    assert "only the people named may open this record" in page


def test_a_person_named_may_open_it_whatever_their_team(cast: Cast, family: FamilyInTests) -> None:
    actions.restrict_family(by=cast.carol, case=family.case, named=[cast.asha, cast.carol, cast.ben], reason=REASON)
    assert Case.objects.visible_to(cast.ben).exists()


def test_its_sessions_and_tasks_leave_everybody_elses_day(cast: Cast, restricted: FamilyInTests, manager: User) -> None:
    VigSession.objects.create(
        case=restricted.case, kind="filming", place="home", starts_at=timezone.now(), practitioner=cast.asha
    )
    restricted.case.lead = None
    restricted.case.save()
    assert not VigSession.objects.visible_to(manager).exists()
    assert not [task for task in registry.tasks_for(manager) if restricted.family.reference in task.title + task.detail]


def test_a_manager_who_is_not_named_does_not_read_of_it_in_the_log(
    cast: Cast, restricted: FamilyInTests, manager: User, signed_in: SignedIn
) -> None:
    signed_in(cast.asha).get(reverse("families:case", kwargs={"case": restricted.case.pk}))
    assert AuditEvent.objects.of_family(restricted.family.pk).filter(verb="case.opened").exists()
    assert not [entry for entry in log.read(manager).entries if entry.family_id == str(restricted.family.pk)]
    assert [entry for entry in log.read(cast.carol).entries if entry.family_id == str(restricted.family.pk)]


def test_a_written_reason_does_not_open_it_and_those_named_hear_who_asked(
    cast: Cast, restricted: FamilyInTests, signed_in: SignedIn
) -> None:
    answer = signed_in(cast.ben).post(
        reverse("families:glass-find"), {"reference": restricted.family.reference, "reason": WHY, "film": "no"}
    )
    unknown = signed_in(cast.ben).post(
        reverse("families:glass-find"), {"reference": "VIG-777-777", "reason": WHY, "film": "no"}
    )
    assert answer.status_code == unknown.status_code == 200
    said = "There is no record of that reference."
    assert said in answer.content.decode()
    assert said in unknown.content.decode()
    assert not Case.objects.visible_to(cast.ben).exists()
    glass = BreakGlass.objects.get()
    assert glass.refused
    for user in (cast.asha, cast.carol):
        assert [task for task in registry.tasks_for(user) if "which is restricted" in task.title], user
    notice = reverse("families:glass-notice", kwargs={"glass": glass.pk})
    assert WHY in signed_in(cast.asha).get(notice).content.decode()
    signed_in(cast.asha).post(notice)
    assert not [task for task in registry.tasks_for(cast.carol) if "which is restricted" in task.title]


def test_a_manager_of_its_team_opens_it_for_a_reason_that_those_named_read(
    cast: Cast, restricted: FamilyInTests, manager: User
) -> None:
    glass = actions.break_glass_by_reference(by=manager, reference=restricted.family.reference, reason=WHY)
    assert glass is not None
    assert Case.objects.visible_to(manager).exists()
    assert [task for task in registry.tasks_for(cast.carol) if "Mo Manager opened" in task.title]
    # What was opened before a restriction does not open the record after it.
    actions.restrict_family(by=cast.carol, case=restricted.case, named=[cast.asha, cast.carol], reason=REASON)
    assert not Case.objects.visible_to(manager).exists()


def test_nobody_at_work_with_the_family_is_left_out(cast: Cast, family: FamilyInTests) -> None:
    with pytest.raises(ValidationError, match="Asha Practitioner works with this family"):
        actions.restrict_family(by=cast.carol, case=family.case, named=[cast.carol], reason=REASON)
    with pytest.raises(ValidationError, match="at least one manager"):
        actions.restrict_family(by=cast.carol, case=family.case, named=[cast.asha], reason=REASON)
    with pytest.raises(ValidationError, match="does not work with records"):
        actions.restrict_family(by=cast.carol, case=family.case, named=[cast.asha, cast.dev], reason=REASON)
    with pytest.raises(ValidationError, match="A manager decides"):
        actions.restrict_family(by=cast.asha, case=family.case, named=[cast.asha, cast.carol], reason=REASON)
    assert not Restriction.objects.exists()


def test_whoever_is_to_lead_it_is_named_first(cast: Cast, restricted: FamilyInTests) -> None:
    with pytest.raises(ValidationError, match="Name them under Access first"):
        actions.change_lead(by=cast.carol, case=restricted.case, lead=cast.ben)
    with pytest.raises(ValidationError, match="Name them under Access first"):
        actions.set_co_workers(by=cast.carol, case=restricted.case, co_workers=[cast.ben])


def test_naming_others_and_lifting_keep_what_was_before(
    cast: Cast, restricted: FamilyInTests, signed_in: SignedIn
) -> None:
    client = signed_in(cast.carol)
    url = reverse("families:restrict", kwargs={"case": restricted.case.pk})
    assert "Change who may open this record" in client.get(url).content.decode()
    client.post(url, {"named": [cast.asha.pk, cast.carol.pk, cast.ina.pk], "reason": REASON})
    assert Case.objects.visible_to(cast.ina).exists()
    client.post(reverse("families:restriction-lift", kwargs={"case": restricted.case.pk}), {"reason": "She left."})
    assert Restriction.objects.count() == 2
    assert not Restriction.objects.standing().exists()
    assert set(AuditEvent.objects.values_list("verb", flat=True)) >= {
        "record.restricted",
        "record.restriction_lifted",
    }


def test_there_is_one_restriction_at_a_time(cast: Cast, restricted: FamilyInTests) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Restriction.objects.create(family=restricted.family, reason=REASON, by=cast.carol)


@pytest.mark.parametrize("is_restricted", [False, True])
def test_the_page_names_exactly_those_who_may_open_it(
    cast: Cast, family: FamilyInTests, manager: User, is_restricted: bool
) -> None:
    family.case.co_workers.set([cast.tess])
    if is_restricted:
        actions.restrict_family(
            by=cast.carol, case=family.case, named=[cast.asha, cast.carol, cast.tess, cast.ina], reason=REASON
        )
    told = {reader.user for reader in access.who_may_open(family.case)}
    everybody = [*cast.everyone, manager]
    assert told == {user for user in everybody if Case.objects.visible_to(user).filter(pk=family.case.pk).exists()}
    assert all(reader.reasons for reader in access.who_may_open(family.case))


def test_managers_see_who_looked_and_how_often(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    make_family(cast.asha)
    signed_in(cast.asha).get(reverse("families:case", kwargs={"case": family.case.pk}))
    url = reverse("families:access", kwargs={"case": family.case.pk})
    page = signed_in(cast.carol).get(url).content.decode()
    assert "Who has looked" in page
    (asha, carol) = sorted(access.who_looked(family.case), key=lambda each: each.name)
    assert (asha.name, asha.looks, asha.films) == ("Asha Practitioner", 1, 0)
    assert carol.name == "Carol Manager"
    assert "Who has looked" not in signed_in(cast.asha).get(url).content.decode()
