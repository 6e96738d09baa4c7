import pytest
from django import forms

from nhsuk_forms.forms import NhsForm
from tests.nhsuk_forms.dom import by_id
from tests.nhsuk_forms.sample import PersonForm, filled, page_of


def test_a_question_stands_inside_the_option_that_asks_it():
    page = page_of(PersonForm())
    panel = by_id(page, by_id(page, "id_contact_1").attrs["data-reveals"])
    assert panel.classes == ["nhsuk-radios__conditional", "nhsuk-radios__conditional--hidden"]
    assert [box.attrs["name"] for box in panel.all("input")] == ["phone", "safe", "safe"]
    assert "data-reveals" not in by_id(page, "id_contact_2").attrs


def test_a_tick_box_reveals_as_well():
    page = page_of(filled(interpreter="on", language=""))
    panel = by_id(page, by_id(page, "id_interpreter").attrs["data-aria-controls"])
    assert panel.classes == ["nhsuk-checkboxes__conditional"]
    assert by_id(page, "id_language_error").text == "Error: Enter language"


def test_the_chosen_option_is_open_when_the_page_comes_back():
    page = page_of(filled(contact="phone"))
    assert by_id(page, "id_contact_1_conditional").classes == ["nhsuk-radios__conditional"]
    assert "nhsuk-radios__conditional--hidden" in by_id(page, "id_contact_0_conditional").classes


def test_a_question_that_is_not_asked_is_not_required():
    form = filled(contact="none")
    assert form.is_valid(), form.errors
    assert (form.cleaned_data["email"], form.cleaned_data["phone"], form.cleaned_data["safe"]) == ("", "", "")


@pytest.mark.parametrize(("contact", "missing"), [("email", ["email"]), ("phone", ["phone", "safe"])])
def test_a_question_that_is_asked_is_required(contact: str, missing: list[str]):
    assert list(filled(contact=contact).errors) == missing


def test_what_was_typed_before_another_answer_was_chosen_is_dropped_and_never_an_error():
    form = filled(contact="phone", phone="01632 960 100", safe="y", email="not an address", language="Polish")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["email"] == ""
    assert form.cleaned_data["language"] == ""


def test_a_question_unasked_in_a_form_that_comes_back_is_still_marked_as_needed_when_asked():
    page = page_of(filled(full_name="", contact="none"))
    assert page.one("label", **{"for": "id_email"}).text == "Email address"


class Nested(NhsForm):
    pet = forms.ChoiceField(choices=[("y", "Yes"), ("n", "No")], widget=forms.RadioSelect)
    kind = forms.ChoiceField(choices=[("dog", "Dog"), ("cat", "Cat")], widget=forms.RadioSelect)
    breed = forms.CharField()
    reveals = {"pet": {"y": ["kind"]}, "kind": {"dog": ["breed"]}}


def test_a_question_inside_an_unasked_question_is_not_asked_either():
    form = Nested({"pet": "n", "kind": "dog", "breed": ""})
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"pet": "n", "kind": "", "breed": ""}
    assert list(Nested({"pet": "y", "kind": "dog"}).errors) == ["breed"]


def test_nested_questions_nest_on_the_page():
    panel = by_id(page_of(Nested()), "id_pet_0_conditional")
    assert by_id(panel, "id_kind_0_conditional").one("input", name="breed")


def test_a_question_two_answers_ask_for_is_asked_by_either():
    class Either(NhsForm):
        way = forms.MultipleChoiceField(
            choices=[("a", "A"), ("b", "B"), ("c", "C")], widget=forms.CheckboxSelectMultiple
        )
        other = forms.BooleanField(required=False)
        why = forms.CharField()
        reveals = {"way": {"a": ["why"]}, "other": {True: ["why"]}}

    assert list(Either({"way": ["a", "b"]}).errors) == ["why"]
    assert list(Either({"way": ["b"], "other": "on"}).errors) == ["why"]
    assert Either({"way": ["b"]}).is_valid()


def test_an_exclusive_option_is_marked_for_the_script_and_set_apart():
    page = page_of(PersonForm())
    assert by_id(page, "id_days_1").attrs["data-behaviour"] == "exclusive"
    assert page.one(class_="nhsuk-checkboxes__divider").text == "or"


def test_a_required_choice_by_radios_has_no_empty_option_and_a_free_one_says_no_answer():
    class Choices(NhsForm):
        must = forms.ChoiceField(choices=[("", "---------"), ("a", "A")], widget=forms.RadioSelect)
        may = forms.ChoiceField(choices=[("", "---------"), ("a", "A")], widget=forms.RadioSelect, required=False)
        listed = forms.ChoiceField(choices=[("", "---------"), ("a", "A")])

    page = page_of(Choices())
    assert [label.text for label in by_id(page, "div_id_must").all("label")] == ["A"]
    assert [label.text for label in by_id(page, "div_id_may").all("label")] == ["No answer", "A"]
    assert [option.text for option in by_id(page, "id_listed").all("option")] == ["Select an option", "A"]
