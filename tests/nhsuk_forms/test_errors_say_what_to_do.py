import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.forms import formset_factory
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from nhsuk_forms.forms import NhsForm
from nhsuk_forms.layout import Details, Fieldset
from nhsuk_forms.wording import mid_sentence
from tests.nhsuk_forms.dom import by_id, parse
from tests.nhsuk_forms.sample import PersonForm, filled, page_of


def errors_of(field: forms.Field, value: str | list[str] | None, **attributes: object) -> list[str]:
    form_class = type("OneField", (NhsForm,), {"answer": field, **attributes})
    form = form_class({} if value is None else {"answer": value})
    form.full_clean()
    return [str(message) for message in form.errors.get("answer", [])]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        (forms.CharField(label="Full name"), "", "Enter full name"),
        (forms.CharField(label="NHS number"), "", "Enter NHS number"),
        (forms.CharField(label="What matters to you?"), "", "Enter an answer: What matters to you?"),
        (forms.CharField(), "", "Enter answer"),
        (forms.CharField(label="Town", max_length=3), "Leeds", "Town must be 3 characters or fewer. It has 5"),
        (forms.CharField(label="Reason", min_length=9), "Because", "Reason must be at least 9 characters"),
        (
            forms.CharField(label="What is 100% right?", max_length=3),
            "Nothing",
            "Your answer must be 3 characters or fewer. It has 7",
        ),
        (
            forms.CharField(label="The 50% rule", max_length=3),
            "Yes!",
            "The 50% rule must be 3 characters or fewer. It has 4",
        ),
        (forms.IntegerField(label="Weeks"), "eleven", "Weeks must be a whole number, like 12"),
        (forms.IntegerField(label="Weeks", min_value=20), "3", "Weeks must be 20 or more"),
        (forms.IntegerField(label="Score", max_value=10), "11", "Score must be 10 or less"),
        (forms.DecimalField(label="Weight"), "heavy", "Weight must be a number, like 3.5"),
        (forms.DecimalField(label="Weight", decimal_places=1), "3.55", "Weight must have 1 decimal places or fewer"),
        (forms.EmailField(label="Email"), "sam", "Enter an email address in the correct format, like name@example.com"),
        (forms.ChoiceField(label="Role", choices=[("a", "A")]), "", "Select role"),
        (forms.ChoiceField(label="Role", choices=[("a", "A")]), "zz", "Select role from the list"),
        (forms.ChoiceField(label="The 50% one", choices=[("a", "A")]), "%s", "Select the 50% one from the list"),
        (forms.MultipleChoiceField(label="Days", choices=[("a", "A")]), [], "Select days"),
        (forms.BooleanField(label="They agree"), None, "Tick “They agree” to go on"),
        (forms.FileField(label="Signed form"), None, "Select a file: signed form"),
        (
            forms.CharField(label="Name", error_messages={"required": "Enter what Rowan is called"}),
            "",
            "Enter what Rowan is called",
        ),
    ],
)
def test_a_message_says_what_to_do(field: forms.Field, value: str, message: str):
    assert errors_of(field, value) == [message]


def test_a_noun_stands_in_for_a_label_that_would_read_badly():
    field = forms.CharField(label="Who is this?", max_length=2)
    assert errors_of(field, "", nouns={"answer": "their first name"}) == ["Enter their first name"]
    assert errors_of(field, "Sam", nouns={"answer": "their first name"}) == [
        "Their first name must be 2 characters or fewer. It has 3"
    ]


@given(st.text(min_size=1))
def test_any_label_reads_inside_a_sentence_and_stays_the_same_word(label: str):
    assert mid_sentence(label).lower() == label.lower() or mid_sentence(label) == label[:1].lower() + label[1:]


def test_every_line_of_the_summary_leads_to_a_control_that_can_take_the_focus():
    page = page_of(PersonForm({"contact": "phone", "born_on_day": "27", "born_on_year": "2026", "interpreter": "on"}))
    links = page.one(class_="nhsuk-error-summary").all("a")
    assert [link.text for link in links] == [
        "Enter their full name",
        "The baby's date of birth must include a month",
        "Select role in the family",
        "Enter phone number",
        "Select an answer: May we leave a message?",
        "Enter language",
        "Tick “They have seen the wording” to go on",
    ]
    for link in links:
        target = by_id(page, link.attrs["href"].removeprefix("#"))
        assert target.tag in {"input", "select", "textarea"}
        assert target.attrs.get("type") != "hidden"


def test_the_summary_follows_the_page_where_the_layout_changes_the_order():
    class Turned(NhsForm):
        first = forms.CharField()
        second = forms.CharField()
        layout = [Fieldset("Both", "second", "first")]

    page = page_of(Turned({}))
    assert [link.text for link in page.one(class_="nhsuk-error-summary").all("a")] == ["Enter second", "Enter first"]


def test_an_error_of_the_whole_form_and_of_a_hidden_field_are_said_without_a_link():
    class Pair(NhsForm):
        name = forms.CharField(required=False)
        version = forms.IntegerField(widget=forms.HiddenInput)

        def clean(self) -> None:
            raise ValidationError("Someone else changed this. Read it again.")

    summary = page_of(Pair({})).one(class_="nhsuk-error-summary")
    assert [item.text for item in summary.all("li")] == ["Someone else changed this. Read it again.", "Enter version"]
    assert not summary.all("a")


def test_a_form_nobody_has_sent_shows_no_summary():
    assert not page_of(PersonForm()).all(class_="nhsuk-error-summary")
    assert not page_of(filled()).all(class_="nhsuk-error-summary")


def test_the_summary_above_the_heading_is_not_repeated_in_the_form():
    template = Template("{% load nhsuk crispy_forms_tags %}{% error_summary form %}<h1>Heading</h1>{% crispy form %}")
    page = parse(template.render(Context({"form": PersonForm({})})))
    page.one(class_="nhsuk-error-summary")


def test_a_message_with_markup_in_it_is_text():
    class Echo(NhsForm):
        name = forms.CharField()

        def clean_name(self) -> str:
            raise ValidationError(f"{self.cleaned_data['name']} is taken")

    page = page_of(Echo({"name": "<script>x</script>"}))
    assert not page.all("script")
    assert "<script>x</script> is taken" in by_id(page, "id_name_error").text


def test_a_formset_is_one_form_with_one_summary():
    class Line(NhsForm):
        name = forms.CharField(label="Name")

    formset = formset_factory(Line, extra=2)(
        {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-name": "x" * 3, "form-1-name": ""}
    )
    formset.forms[1].empty_permitted = False
    page = parse(Template("{% load crispy_forms_tags %}{% crispy formset %}").render(Context({"formset": formset})))
    page.one("form")
    assert [link.attrs["href"] for link in page.one(class_="nhsuk-error-summary").all("a")] == ["#id_form-1-name"]
    assert by_id(page, "id_form-TOTAL_FORMS").attrs["value"] == "2"


def test_what_is_folded_away_opens_when_something_in_it_is_wrong():
    class Folded(NhsForm):
        name = forms.CharField(required=False)
        more = forms.CharField()
        layout = ["name", Details("More", "more")]

    assert "open" not in page_of(Folded()).one("details").attrs
    assert "open" in page_of(Folded({})).one("details").attrs
