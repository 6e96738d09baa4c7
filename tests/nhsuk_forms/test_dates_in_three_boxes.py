import datetime

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from families.models import Person
from nhsuk_forms.fields import MONTHS, DateInputField
from nhsuk_forms.forms import NhsForm, NhsModelForm
from nhsuk_forms.widgets import PARTS
from tests.nhsuk_forms.dom import by_id
from tests.nhsuk_forms.sample import PersonForm, filled, outcome, page_of

four_figures = st.dates(min_value=datetime.date(1000, 1, 1))


def clean(day: str, month: str, year: str, **options: object) -> datetime.date | None:
    return DateInputField(required=False, **options).clean([day, month, year])


@given(four_figures)
def test_every_date_typed_in_numbers_is_that_date(date: datetime.date):
    assert clean(str(date.day), str(date.month), str(date.year)) == date
    assert clean(f" {date.day:02} ", f"{date.month:02}", f"{date.year} ") == date


@given(four_figures, st.integers(3, 9), st.booleans())
def test_a_month_may_be_a_word_or_its_beginning(date: datetime.date, letters: int, shout: bool):
    word = MONTHS[date.month - 1][:letters]
    assert clean(str(date.day), word.upper() if shout else word, str(date.year)) == date


@given(four_figures)
def test_a_whole_date_pasted_into_the_first_box_is_understood(date: datetime.date):
    for text in (f"{date:%d/%m/%Y}", f"{date:%d.%m.%Y}", date.isoformat(), f"{date.day} {date:%B} {date.year}"):
        assert clean(text, "", "") == date


@given(st.text(), st.text(), st.text())
def test_whatever_is_typed_is_a_date_or_nothing_or_a_kind_message(day: str, month: str, year: str):
    value, refusal = outcome(DateInputField(required=False), [day, month, year])
    if refusal:
        assert refusal.message.startswith("Date must")
        assert refusal.params["parts"]
        assert set(refusal.params["parts"]) <= set(PARTS)
    else:
        assert isinstance(value, datetime.date) or (value is None and not (day + month + year).strip())


@given(st.lists(st.booleans(), min_size=3, max_size=3).filter(lambda given: any(given) and not all(given)))
def test_the_error_names_the_part_that_is_missing(given_parts: list[bool]):
    typed = ["5" if there else "" for there in given_parts[:2]] + ["2026" if given_parts[2] else ""]
    missing = [part for part, there in zip(PARTS, given_parts, strict=True) if not there]
    with pytest.raises(ValidationError) as caught:
        clean(*typed)
    assert caught.value.message == f"Date must include a {' and '.join(missing)}"
    assert list(caught.value.params["parts"]) == missing


@pytest.mark.parametrize(
    ("typed", "message", "parts"),
    [
        (("30", "2", "2026"), "Date must be a real date", ["day"]),
        (("32", "1", "2026"), "Date must be a real date", ["day"]),
        (("1", "13", "2026"), "Date must be a real date", ["month"]),
        (("0", "0", "2026"), "Date must be a real date", ["day", "month"]),
        (("1", "ma", "2026"), "Date must be a real date", ["month"]),
        (("1", "3", "26"), "Date must have a year with 4 numbers, like 2026", ["year"]),
        (("1", "3", "0000"), "Date must have a year with 4 numbers, like 2026", ["year"]),
        (("1", "3", "２０２６"), "Date must be a real date", ["year"]),
        (("²", "3", "2026"), "Date must be a real date", ["day"]),
    ],
)
def test_a_date_that_is_none_is_refused_and_the_box_is_named(
    typed: tuple[str, str, str], message: str, parts: list[str]
):
    with pytest.raises(ValidationError) as caught:
        clean(*typed)
    assert caught.value.message == message
    assert list(caught.value.params["parts"]) == parts


def test_only_the_wrong_box_is_marked_and_the_summary_leads_to_it():
    page = page_of(filled(born_on_month=""))
    marked = [part for part in PARTS if "nhsuk-input--error" in by_id(page, f"id_born_on_{part}").classes]
    assert marked == ["month"]
    assert page.one(class_="nhsuk-error-summary").one("a").attrs["href"] == "#id_born_on_month"


def test_an_error_about_the_whole_date_marks_all_three_boxes():
    page = page_of(filled(born_on_day="", born_on_month="", born_on_year=""))
    assert all("nhsuk-input--error" in by_id(page, f"id_born_on_{part}").classes for part in PARTS)
    assert by_id(page, "id_born_on_error").text == "Error: Enter the baby's date of birth"


def test_what_was_typed_comes_back_as_it_was_typed():
    page = page_of(filled(born_on_day="31", born_on_month="Febtober", born_on_year="26"))
    assert [by_id(page, f"id_born_on_{part}").attrs["value"] for part in PARTS] == ["31", "Febtober", "26"]


def test_a_known_date_fills_the_boxes():
    page = page_of(PersonForm(initial={"born_on": datetime.date(2026, 3, 9)}))
    assert [by_id(page, f"id_born_on_{part}").attrs["value"] for part in PARTS] == ["9", "3", "2026"]


def test_today_is_neither_past_nor_future():
    today = timezone.localdate()
    typed = [str(today.day), str(today.month), str(today.year)]
    assert clean(*typed, not_future=True) == today
    assert clean(*typed, not_past=True) == today


@pytest.mark.parametrize(
    ("options", "date", "message"),
    [
        ({"not_future": True}, datetime.date(2999, 1, 1), "Date must be today or in the past"),
        ({"not_past": True}, datetime.date(1999, 1, 1), "Date must be today or in the future"),
        ({"earliest": datetime.date(2026, 3, 1)}, datetime.date(2026, 2, 28), "Date must be 1 March 2026 or later"),
        ({"latest": datetime.date(2026, 3, 1)}, datetime.date(2026, 3, 2), "Date must be 1 March 2026 or earlier"),
    ],
)
def test_a_date_outside_its_bounds_says_the_bound(options: dict[str, object], date: datetime.date, message: str):
    with pytest.raises(ValidationError) as caught:
        clean(str(date.day), str(date.month), str(date.year), **options)
    assert caught.value.message == message


def test_a_form_knows_whether_a_date_was_changed():
    class Dated(NhsForm):
        on = DateInputField(required=False)

    def changed(**data: str) -> bool:
        return Dated(data, initial={"on": datetime.date(2026, 3, 1)}).has_changed()

    assert not changed(on_day="01", on_month="March", on_year="2026")
    assert changed(on_day="2", on_month="3", on_year="2026")
    assert changed(on_day="", on_month="", on_year="")
    assert changed(on_day="x", on_month="", on_year="")


def test_a_script_may_send_one_iso_date():
    class Dated(NhsForm):
        on = DateInputField()

    form = Dated({"on": "2026-03-01"})
    assert form.is_valid()
    assert form.cleaned_data["on"] == datetime.date(2026, 3, 1)
    assert not Dated({"on": "yesterday"}).is_valid()


def test_a_models_dates_are_asked_in_three_boxes_without_being_told():
    date_fields = [field.name for field in Person._meta.fields if field.get_internal_type() == "DateField"]
    assert date_fields

    class PersonModelForm(NhsModelForm):
        class Meta:
            model = Person
            fields = date_fields

    assert all(isinstance(field, DateInputField) for field in PersonModelForm.base_fields.values())
    for name in date_fields:
        model_field = Person._meta.get_field(name)
        assert PersonModelForm.base_fields[name].required is not model_field.blank
        assert PersonModelForm.base_fields[name].label.lower() == str(model_field.verbose_name).lower()


def test_a_date_in_a_form_of_another_making_stays_as_declared():
    class Plain(NhsForm):
        on = forms.DateField()

    assert type(Plain().fields["on"]) is forms.DateField
