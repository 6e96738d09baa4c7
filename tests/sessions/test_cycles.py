"""A cycle begins with a helping question and ends with a written summary."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from families.models import Case
from outcomes.actions import add_question, reword_question
from outcomes.models import HelpingQuestion
from sessions import actions
from sessions.models import Cycle
from tests.cast import Cast, FamilyInTests, make_family

SignedIn = Callable[[User], Client]


def test_cycles_are_numbered_and_keep_the_words_they_began_with(cast: Cast, family: FamilyInTests) -> None:
    question = add_question(by=cast.asha, case=family.case, text="How?")
    first = actions.open_cycle(by=cast.asha, case=family.case, wording=question.wordings.get())
    second = actions.open_cycle(
        by=cast.asha, case=family.case, wording=reword_question(by=cast.asha, question=question, text="How else?")
    )
    assert [(cycle.number, cycle.wording.text) for cycle in (first, second)] == [(1, "How?"), (2, "How else?")]


def test_the_first_cycle_moves_the_case_to_vig(cast: Cast, family: FamilyInTests) -> None:
    family.case.stage = Case.Stage.ENGAGING
    family.case.save()
    wording = add_question(by=cast.asha, case=family.case, text="How?").wordings.get()
    actions.open_cycle(by=cast.asha, case=family.case, wording=wording)
    family.case.refresh_from_db()
    assert family.case.stage == Case.Stage.VIG
    assert family.case.stage_changes.last().stage == Case.Stage.VIG  # type: ignore[union-attr]


def test_a_cycle_follows_a_question_of_its_own_case(cast: Cast, family: FamilyInTests) -> None:
    wording = add_question(by=cast.asha, case=make_family(cast.asha).case, text="How?").wordings.get()
    with pytest.raises(ValidationError):
        actions.open_cycle(by=cast.asha, case=family.case, wording=wording)


def test_a_closed_case_begins_no_cycle(cast: Cast, family: FamilyInTests) -> None:
    wording = add_question(by=cast.asha, case=family.case, text="How?").wordings.get()
    family.case.stage, family.case.closed_on = "closed", timezone.localdate()
    family.case.save()
    with pytest.raises(ValidationError, match="closed"):
        actions.open_cycle(by=cast.asha, case=family.case, wording=wording)


def test_a_cycle_ends_once_with_a_summary(cast: Cast, family: FamilyInTests) -> None:
    question = add_question(by=cast.asha, case=family.case, text="How?")
    cycle = actions.open_cycle(by=cast.asha, case=family.case, wording=question.wordings.get())
    with pytest.raises(ValidationError, match="summary"):
        actions.close_cycle(by=cast.asha, cycle=cycle, summary="  ")
    following = reword_question(by=cast.asha, question=question, text="And now?")
    actions.close_cycle(by=cast.asha, cycle=cycle, summary="They waited for one another.", next_wording=following)
    assert cycle.closed_at is not None
    stored = Cycle.objects.get()
    assert (stored.summary, stored.closed_by, stored.next_wording) == (
        "They waited for one another.",
        cast.asha,
        following,
    )
    with pytest.raises(ValidationError, match="already"):
        actions.close_cycle(by=cast.asha, cycle=cycle, summary="Again")
    assert AuditEvent.objects.filter(verb="cycle.closed", case_id=str(family.case.pk)).count() == 1


def test_a_cycle_may_begin_with_a_question_written_there(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    client, url = signed_in(cast.asha), reverse("vig_sessions:cycle-open", kwargs={"case": family.case.pk})
    assert "Enter the helping question" in client.post(url, {"wording": "new", "text": ""}).content.decode()
    assert not HelpingQuestion.objects.exists()
    client.post(url, {"wording": "new", "text": "What helps her sleep?"})
    assert Cycle.objects.get().wording.text == "What helps her sleep?"
    assert "is not closed yet" in client.get(url).content.decode()
    client.post(url, {"wording": str(Cycle.objects.get().wording_id)})
    assert [cycle.number for cycle in Cycle.objects.all()] == [1, 2]
