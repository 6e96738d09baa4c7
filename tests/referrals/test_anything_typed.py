"""Whatever is typed: a page or a kind refusal, never a broken one; nothing lost that has a meaning."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from referrals.answers import answers_of
from referrals.models import Draft, Referral
from referrals.questions import STEPS
from referrals.written import written_by
from tests.referrals.filling import PAGES, Writer, unborn

NASTY = [
    "\x00",
    "\x1b[31mred",
    "\u202egnp.exe",
    "👨‍👩‍👧‍👦",
    '=HYPERLINK("https://evil.example")',
    "<script>alert(1)</script>",
    "{{ settings.SECRET_KEY }}",
    "'; DROP TABLE referrals_draft; --",
    "x" * 30_000,
    "99999999999999999999",
    "-1",
    "\ufeff\u200b",
    "٣",
    "31/02/2026",
]
ANYTHING = st.one_of(st.sampled_from(NASTY), st.text(max_size=60))
FIELDS = sorted({name for step in STEPS for form in (step.form, *step.forms.values()) for name in form.base_fields})
NAMES = st.sampled_from([*FIELDS, "born_on_day", "born_on_month", "born_on_year", "expected_on_year", "something_else"])


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.dictionaries(NAMES, st.lists(ANYTHING, min_size=1, max_size=3), max_size=8), number=st.integers(0, 40))
def test_no_page_breaks_on_anything_typed(data: dict[str, list[str]], number: int) -> None:
    writer = Writer(client=Client(REMOTE_ADDR=f"10.0.{number}.{len(data)}"))
    writer.fill(until="babies")
    step = STEPS[number % len(STEPS)]
    page = f"{step.key}/1" if step.numbered else step.key
    answer = writer.client.post(f"{writer.base}{page}/", data)
    assert answer.status_code in {200, 303, 404}
    shown = writer.client.get(f"{writer.base}{page}/", follow=True)
    assert shown.status_code in {200, 404}
    assert "<script>alert" not in shown.content.decode()
    assert writer.client.get(f"{writer.base}check/", follow=True).status_code == 200
    kept = Draft.objects.get(pk=writer.draft.pk)
    answers_of(written_by(kept))
    assert "\\u0000" not in json.dumps(kept.typed)


@pytest.mark.django_db
@pytest.mark.parametrize("text", NASTY[1:])
def test_what_was_typed_is_there_again_word_for_word(text: str) -> None:
    writer = Writer()
    writer.fill(until="hopes")
    writer.post("hopes", {"hopes": text, "wish": "vig"})
    kept = writer.draft.typed["steps"]["hopes"]["1"]["hopes"][0]
    assert kept == text.replace("\x1b", "")[:20_000]


@pytest.mark.django_db
def test_too_much_is_said_and_all_of_it_is_still_in_the_box() -> None:
    writer = Writer()
    writer.fill(until="hopes")
    assert writer.post("hopes", {"hopes": "word " * 1000, "wish": "vig"}) == "hopes/"
    page = writer.look("hopes")
    assert "There is a problem" in page
    assert page.count("word word") > 400


@pytest.mark.django_db
def test_a_posted_choice_that_is_none_is_refused_beside_its_question() -> None:
    writer = Writer()
    writer.fill(until="reasons")
    assert writer.post("reasons", {"reasons": ["1 OR 1=1", "999999999999999999"], "observed": "x"}) == "reasons/"
    assert "There is a problem" in writer.look("reasons")
    assert writer.post("risk", PAGES["risk"] | {"immediate": "maybe"}) == "risk/"
    assert writer.post("babies/1", unborn(born="perhaps")) == "babies/1/"
    assert not Referral.objects.exists()
