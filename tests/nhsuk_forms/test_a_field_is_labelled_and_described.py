import pytest
from django import forms

from nhsuk_forms.forms import NhsForm
from nhsuk_forms.layout import Field
from tests.nhsuk_forms.dom import by_id
from tests.nhsuk_forms.sample import PersonForm, filled, page_of


def test_every_control_has_a_label_or_stands_in_a_fieldset_with_a_legend():
    page = page_of(PersonForm())
    controls = [
        node for tag in ("input", "select", "textarea") for node in page.all(tag) if node.attrs.get("type") != "hidden"
    ]
    assert len(controls) > 20
    for control in controls:
        assert page.all("label", for_=control.attrs["id"]) or page.all("label", **{"for": control.attrs["id"]})
        if control.attrs.get("type") == "radio":
            assert control.above("fieldset").all("legend")


@pytest.mark.parametrize("form", [PersonForm(), filled(full_name="", role="", contact=None, born_on_month="")])
def test_whatever_describes_a_control_is_on_the_page(form: PersonForm):
    page = page_of(form)
    described = [node for node in page.walk() if "aria-describedby" in node.attrs]
    assert described
    for node in described:
        for id_ in node.attrs["aria-describedby"].split():
            assert by_id(page, id_).text


def test_a_hint_and_an_error_are_named_in_that_order():
    box = by_id(page_of(filled(full_name="")), "id_full_name")
    assert box.attrs["aria-describedby"] == "id_full_name_helptext id_full_name_error"
    assert box.attrs["aria-invalid"] == "true"


def test_a_group_carries_its_description_on_the_fieldset_not_on_each_option():
    page = page_of(filled(contact=None))
    group = by_id(page, "id_contact_0").above("fieldset")
    assert group.attrs["aria-describedby"] == "id_contact_error"
    assert all("aria-describedby" not in radio.attrs for radio in group.all("input", type="radio"))


def test_the_base_class_stays_beside_a_width_and_a_class_of_the_widgets_own():
    class Narrow(NhsForm):
        code = forms.CharField(widget=forms.TextInput(attrs={"class": "nhsuk-input--width-10 own"}))
        looks = {"code": {"width": 5}}

    assert by_id(page_of(Narrow()), "id_code").classes == [
        "nhsuk-input",
        "nhsuk-input--width-10",
        "own",
        "nhsuk-input--width-5",
    ]
    assert by_id(page_of(PersonForm()), "id_full_name").classes == ["nhsuk-input", "nhsuk-input--width-10"]


def test_an_error_is_marked_on_the_group_on_the_box_and_for_ears():
    page = page_of(filled(full_name=""))
    assert "nhsuk-form-group--error" in by_id(page, "div_id_full_name").classes
    assert "nhsuk-input--error" in by_id(page, "id_full_name").classes
    assert by_id(page, "id_full_name_error").text == "Error: Enter their full name"


def test_nothing_is_checked_by_the_browser_or_cut_off_by_it():
    page = page_of(PersonForm())
    assert "novalidate" in page.one("form").attrs
    for node in page.walk():
        assert not {"required", "maxlength", "min", "max", "step", "pattern"} & set(node.attrs), node


def test_numbers_are_text_with_a_keypad_because_a_wheel_changes_a_spinner():
    page = page_of(PersonForm())
    assert by_id(page, "id_weeks").attrs["type"] == "text"
    assert by_id(page, "id_weeks").attrs["inputmode"] == "numeric"
    assert by_id(page, "id_weight").attrs["inputmode"] == "decimal"
    assert page.one(class_="nhsuk-input-wrapper__suffix").text == "weeks"


def test_a_long_text_with_a_limit_counts_its_characters():
    page = page_of(PersonForm())
    group = by_id(page, "div_id_note")
    assert (group.attrs["data-module"], group.attrs["data-maxlength"]) == ("nhsuk-character-count", "300")
    assert "nhsuk-js-character-count" in by_id(page, "id_note").classes
    assert "300" in by_id(page, "id_note-info").text


def test_a_form_with_a_file_is_sent_as_one_and_a_form_without_is_not():
    class Plain(NhsForm):
        name = forms.CharField()

    assert page_of(PersonForm()).one("form").attrs["enctype"] == "multipart/form-data"
    assert "enctype" not in page_of(Plain()).one("form").attrs
    assert by_id(page_of(PersonForm()), "id_letter").attrs["type"] == "file"


def test_what_may_stay_empty_says_so_and_what_may_not_does_not():
    page = page_of(PersonForm())
    assert page.one("label", **{"for": "id_note"}).text == "Note (optional)"
    assert page.one("label", **{"for": "id_full_name"}).text == "Full name"
    assert page.one("label", **{"for": "id_language"}).text == "Language", "required once it is asked"
    assert page.one("label", **{"for": "id_interpreter"}).text == "They need an interpreter"


def test_a_password_has_a_show_button_and_never_comes_back():
    page = page_of(filled(passphrase="kind-otter"))
    box = by_id(page, "id_passphrase")
    assert "value" not in box.attrs
    assert box.attrs["autocapitalize"] == "none"
    assert page.one("button", aria_controls="id_passphrase").attrs["type"] == "button"


def test_a_hidden_field_is_sent_without_a_label():
    page = page_of(PersonForm())
    assert by_id(page, "id_version").attrs["type"] == "hidden"
    assert not page.all("label", **{"for": "id_version"})


def test_what_was_typed_is_shown_again_and_escaped():
    box = by_id(page_of(filled(full_name='<b>"Sam" & Nan</b>', role="")), "id_full_name")
    assert box.attrs["value"] == '<b>"Sam" & Nan</b>'
    assert not page_of(filled(full_name="<b>Sam</b>", role="")).all("b")


def test_options_of_a_look_reach_the_control():
    class Looked(NhsForm):
        postcode = forms.CharField()
        way = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
        layout = [
            Field("postcode", autocomplete="postal-code", label_hidden=True, attrs={"data-x": "1"}),
            Field("way", inline=True, small=False, hints={"b": "The other one"}),
        ]

    page = page_of(Looked())
    assert by_id(page, "id_postcode").attrs["autocomplete"] == "postal-code"
    assert by_id(page, "id_postcode").attrs["data-x"] == "1"
    assert "nhsuk-u-visually-hidden" in page.one("label", **{"for": "id_postcode"}).classes
    assert page.one(class_="nhsuk-radios").classes == ["nhsuk-radios", "nhsuk-radios--inline"]
    assert by_id(page, by_id(page, "id_way_1").attrs["aria-describedby"]).text == "The other one"


def test_two_forms_on_one_page_do_not_share_ids():
    from crispy_forms.utils import render_crispy_form

    from tests.nhsuk_forms.dom import parse

    html = "".join(render_crispy_form(PersonForm(prefix=prefix)) for prefix in ("mother", "nan"))
    parse(html)  # fails on an id given twice
