"""Pathways, stages, reasons and limits are the service's own: managers change them, and nothing in use is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from audit.models import AuditEvent
from families import actions
from families.actions import settings as own_lists
from families.ages import ages_out_on, completed_months, weeks_left
from families.models import Case, CaseLimits, ClosureReason, Pathway, PathwayStage, StageChange
from families.pathways import stage_meaning
from tests.cast import Cast, FamilyInTests, make_family

SignedIn = Callable[[User], Client]


def test_a_manager_changes_a_threshold_and_it_shows(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    case = family.case
    case.stage_since = timezone.localdate() - timedelta(days=9)
    case.save()
    page = reverse("families:case", kwargs={"case": case.pk})
    asha, carol = signed_in(cast.asha), signed_in(cast.carol)
    assert "long in this stage" not in asha.get(page).content.decode()
    edit = reverse("families:stage-row-edit", kwargs={"stage": case.place_id})
    filled = {"label": "Video work", "amber_days": "8", "red_days": "20", "active": "on"}
    assert carol.post(edit, filled).status_code == 302
    said = asha.get(page).content.decode()
    assert "Amber: long in this stage" in said
    assert "Video work" in said
    told = carol.get(reverse("families:pathways")).content.decode()
    assert "Carol Manager" in told
    assert "Amber days: 112 → 8" in told
    assert AuditEvent.objects.filter(verb="stage.changed", actor_id=str(cast.carol.pk)).exists()


@pytest.mark.parametrize(
    ("filled", "says"),
    [
        ({"label": "", "active": "on"}, "Enter what the stage is called"),
        ({"label": "VIG", "amber_days": "20", "red_days": "10", "active": "on"}, "Red must come after amber"),
        ({"label": "Engaging", "active": "on"}, "already exists"),
        ({"label": "VIG", "amber_days": "-1", "active": "on"}, "There is a problem"),
        ({"label": "VIG", "amber_days": "99999999", "active": "on"}, "3650 days or fewer"),
    ],
)
def test_a_stage_that_cannot_be_is_said_beside_the_question(
    filled: dict[str, str], says: str, cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    edit = reverse("families:stage-row-edit", kwargs={"stage": family.case.place_id})
    response = signed_in(cast.carol).post(edit, filled)
    assert response.status_code == 200
    assert says in response.content.decode()


def test_every_pathway_keeps_a_beginning_and_an_end(cast: Cast, db: None) -> None:
    for stage in PathwayStage.objects.filter(meaning__in=["accepted", "closed"]):
        stage.active = False
        with pytest.raises(ValidationError):
            own_lists.save_stage(by=cast.carol, stage=stage)
    made = own_lists.save_pathway(by=cast.carol, pathway=Pathway(label="Parent–infant psychotherapy"))
    assert {*own_lists.NEEDED} <= set(made.stages.values_list("meaning", flat=True))


def test_what_is_put_away_stays_where_it_is_in_use(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    stage = family.case.place
    stage.active = False
    own_lists.save_stage(by=cast.carol, stage=stage)
    client = signed_in(cast.asha)
    page = client.get(reverse("families:stage", kwargs={"case": family.case.pk})).content.decode()
    assert "VIG" in page
    assert "VIG" in client.get(reverse("families:case", kwargs={"case": family.case.pk})).content.decode()


def test_the_last_pathway_and_what_code_knows_are_kept(cast: Cast, db: None) -> None:
    first, *others = Pathway.objects.all()
    for other in others:
        other.active = False
        own_lists.save_pathway(by=cast.carol, pathway=other)
    first.active = False
    with pytest.raises(ValidationError):
        own_lists.save_pathway(by=cast.carol, pathway=first)
    known = ClosureReason(key="known", label="Known to code", position=90)
    known.save()
    known.active = False
    with pytest.raises(ValidationError):
        own_lists.save_closure_reason(by=cast.carol, reason=known)


def test_the_order_of_a_list_is_the_services_own(cast: Cast, signed_in: SignedIn) -> None:
    before = list(ClosureReason.objects.values_list("pk", flat=True))
    carol = signed_in(cast.carol)
    carol.post(reverse("families:closure-reason-move", kwargs={"reason": before[1]}), {"to": "up"})
    assert list(ClosureReason.objects.values_list("pk", flat=True))[:2] == [before[1], before[0]]
    carol.post(reverse("families:closure-reason-move", kwargs={"reason": before[1]}), {"to": "up"})
    assert ClosureReason.objects.values_list("pk", flat=True)[0] == before[1]


def test_the_pathway_of_a_case_changes_for_a_reason(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    StageChange.objects.create(case=family.case, stage="vig", by=cast.asha, at=family.case.created_at)
    other = Pathway.objects.get(label__startswith="Other")
    client, url = signed_in(cast.asha), reverse("families:pathway", kwargs={"case": family.case.pk})
    assert "Enter why the pathway changes" in client.post(url, {"pathway": other.pk}).content.decode()
    assert client.post(url, {"pathway": other.pk, "reason": "They would rather talk."}).status_code == 302
    case = Case.objects.get(pk=family.case.pk)
    assert (case.pathway, case.stage, case.place.pathway) == (other, "working", other)
    page = client.get(reverse("families:case", kwargs={"case": case.pk})).content.decode()
    assert "Pathway: Other parent–infant assessment or support" in page
    assert "They would rather talk." in page


def test_a_case_is_moved_through_the_stages_of_its_own_pathway(cast: Cast, family: FamilyInTests) -> None:
    other = stage_meaning("engaging", Pathway.objects.get(label="Not yet known"))
    assert other is not None
    with pytest.raises(ValidationError):
        actions.change_stage(by=cast.asha, case=family.case, stage=other)
    actions.change_stage(by=cast.asha, case=family.case, stage="ending")
    assert family.case.place == stage_meaning("ending", family.case.pathway)


def test_the_history_of_stages_is_never_changed(cast: Cast, family: FamilyInTests) -> None:
    actions.change_stage(by=cast.asha, case=family.case, stage="ending")
    change = StageChange.objects.get()
    change.reason = "Another one."
    with pytest.raises(TypeError):
        change.save()


def test_a_closing_says_why_and_what_became_of_the_goals(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client, url = signed_in(cast.asha), reverse("families:close", kwargs={"case": family.case.pk})
    today = timezone.localdate()
    day = {"closed_on_day": today.day, "closed_on_month": today.month, "closed_on_year": today.year}
    empty = client.post(url, day).content.decode()
    for says in ("Select why the work ends", "Enter a summary", "Select what became of the goals"):
        assert says in empty
    why = ClosureReason.objects.all()[0]
    client.post(url, {**day, "why": why.pk, "reason": "Good to see.", "goals": "partly", "goals_note": "Nearly."})
    closure = Case.objects.get(pk=family.case.pk).closures.get()
    assert (closure.why, closure.summary, closure.goals, closure.goals_note) == (
        why,
        "Good to see.",
        "partly",
        "Nearly.",
    )


def test_a_family_that_comes_back_has_its_earlier_case_beside_the_new_one(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    why = ClosureReason.objects.all()[0]
    actions.close_case(by=cast.asha, case=family.case, closed_on=timezone.localdate(), reason="All is well.", why=why)
    client = signed_in(cast.asha)
    url = reverse("families:next-case", kwargs={"case": family.case.pk})
    assert client.get(url).status_code == 200
    wrong = client.post(url, {"team": cast.north.pk, "people": [family.sam.pk]})
    assert "Select a baby" in wrong.content.decode()
    client.post(url, {"team": cast.north.pk, "lead": cast.asha.pk, "people": [family.sam.pk, family.rowan.pk]})
    new = Case.objects.get(family=family.family, closed_on=None)
    assert set(new.people.all()) == {family.sam, family.rowan}
    page = client.get(reverse("families:case", kwargs={"case": new.pk}))
    assert [each.pk for each in page.context["earlier"]] == [family.case.pk]
    assert why.label in page.content.decode()


def test_work_with_somebody_in_another_family_is_shown_too(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    other = make_family(cast.asha)
    page = reverse("families:case", kwargs={"case": other.case.pk})
    client = signed_in(cast.asha)
    assert client.get(page).context["earlier"] == []
    other.case.people.add(family.nan)
    assert [each.pk for each in client.get(page).context["earlier"]] == [family.case.pk]


def test_an_earlier_case_that_is_not_ones_own_to_see_is_not_told_of(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    actions.close_case(by=cast.asha, case=family.case, closed_on=timezone.localdate(), reason="All is well.")
    new = actions.open_next_case(
        by=cast.asha, family=family.family, people=[family.sam, family.rowan], team=cast.south, lead=cast.ben
    )
    page = signed_in(cast.ben).get(reverse("families:case", kwargs={"case": new.pk}))
    assert page.context["earlier"] == []
    assert "Other work with this family" not in page.content.decode()


def test_the_age_limit_is_the_services_own(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    page = reverse("families:case", kwargs={"case": family.case.pk})
    client = signed_in(cast.asha)
    assert "ages out" not in client.get(page).content.decode()
    url = reverse("families:case-limits")
    assert signed_in(cast.carol).post(url, {"ages_out_months": "4", "warn_weeks": "12"}).status_code == 302
    assert "ages out in" in client.get(page).content.decode()
    assert signed_in(cast.carol).post(url, {"ages_out_months": "0", "warn_weeks": "12"}).status_code == 200
    assert CaseLimits.objects.get().ages_out_months == 4


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1)), st.integers(min_value=1, max_value=216))
def test_the_day_of_an_age_is_the_first_on_which_so_many_months_are_complete(born: date, months: int) -> None:
    day = ages_out_on(born, months)
    assert completed_months(born, day) == months
    assert completed_months(born, day - timedelta(days=1)) < months
    assert weeks_left(born, months, day) == 0
    assert weeks_left(born, months, day - timedelta(days=7)) == 1
