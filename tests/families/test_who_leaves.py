"""Nobody leaves, or becomes something else, while they alone can open a restricted record again."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from accounts import actions as accounts
from accounts.models import Role, User
from families import actions
from tests.cast import Cast, FamilyInTests
from tests.world import make_adoption

pytestmark = pytest.mark.django_db


@pytest.fixture
def mona(cast: Cast) -> User:
    """Another manager."""
    return User.objects.create(email="mona@service.example", name="Mona Manager", role=Role.MANAGER, team=cast.north)


def test_the_last_manager_of_a_restricted_record_names_another_before_they_leave(
    cast: Cast, family: FamilyInTests, mona: User
) -> None:
    actions.restrict_family(by=cast.carol, case=family.case, named=[cast.asha, cast.carol], reason="A colleague's.")
    with pytest.raises(ValidationError, match="names no other manager than Carol Manager") as refused:
        accounts.close_account(by=cast.dev, user=cast.carol)
    assert family.family.reference not in str(refused.value), "an administrator does not learn whose it is"
    actions.restrict_family(by=cast.carol, case=family.case, named=[cast.asha, cast.carol, mona], reason="So.")
    accounts.close_account(by=cast.dev, user=cast.carol)
    cast.carol.refresh_from_db()
    assert not cast.carol.is_active


def test_nor_do_they_get_a_role_that_manages_nothing(cast: Cast, family: FamilyInTests) -> None:
    actions.restrict_family(by=cast.carol, case=family.case, named=[cast.asha, cast.carol], reason="A colleague's.")
    with pytest.raises(ValidationError, match="names no other manager"):
        accounts.change_person(
            by=cast.dev,
            user=cast.carol,
            name=cast.carol.name,
            email=cast.carol.email,
            role=Role.PRACTITIONER,
            team=cast.north,
            supervisor=None,
            teams_managed=[],
        )


def test_who_alone_may_know_of_an_adopted_child_names_another_first(
    cast: Cast, family: FamilyInTests, mona: User
) -> None:
    link = make_adoption(cast, family)
    restriction = link.earlier_family.restrictions.get()
    restriction.named.add(mona)
    with pytest.raises(ValidationError, match="may change who knows"):
        accounts.close_account(by=cast.dev, user=cast.carol)
    actions.change_who_knows(by=cast.carol, adoption=link, known_to=[cast.carol, mona])
    accounts.close_account(by=cast.dev, user=cast.carol)


def test_others_leave_as_they_did(cast: Cast, family: FamilyInTests) -> None:
    actions.restrict_family(by=cast.carol, case=family.case, named=[cast.asha, cast.carol], reason="A colleague's.")
    accounts.close_account(by=cast.dev, user=cast.tess)
