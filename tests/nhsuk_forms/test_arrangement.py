from crispy_forms.layout import Div, Submit
from crispy_forms.layout import Layout as CrispyLayout
from django import forms
from django.template import Context, Template

from nhsuk_forms.forms import NhsForm, NhsFormMixin
from nhsuk_forms.layout import Button, Buttons, Fieldset, Heading, Inset, Link, Row, Text, Warning
from tests.nhsuk_forms.dom import by_id, parse
from tests.nhsuk_forms.sample import PersonForm, page_of


class Two(NhsForm):
    submit_label = ""
    town = forms.CharField()
    postcode = forms.CharField()


def arranged(*layout: object) -> NhsForm:
    return type("Arranged", (Two,), {"layout": list(layout)})()


def test_fields_come_in_order_and_then_the_button_that_says_what_happens():
    page = page_of(PersonForm())
    button = page.one("button", type="submit")
    assert button.text == "Save this person"
    assert button.attrs["data-prevent-double-click"] == "true"
    assert page.one("a").attrs["href"] == "/families/1"


def test_a_fieldset_says_what_its_questions_are_about():
    page = page_of(arranged(Fieldset("Where they <live>", "town", "postcode", hint="Today", css_id="where")))
    group = page.one("fieldset")
    assert group.one("legend").text == "Where they <live>"
    assert by_id(page, group.attrs["aria-describedby"]).text == "Today"
    assert len(group.all("input")) == 2


def test_words_between_questions_are_escaped():
    page = page_of(
        arranged(
            Heading("A & B", level=3),
            Text("<i>"),
            Inset("<b>"),
            Warning("<u>", heading="Mind"),
            Row("town", "postcode"),
        )
    )
    assert page.one("h3", class_="nhsuk-heading-m").text == "A & B"
    assert not [node for node in page.walk() if node.tag in {"i", "b", "u"}]
    assert len(page.one(class_="app-form-row").all("input")) == 2


def test_a_button_can_be_told_from_another():
    page = page_of(
        arranged(
            "town",
            Buttons(
                Button("Save", name="go", value="stay", attrs={"data-x": "1", "hidden": True}),
                Button("Destroy", kind="warning"),
                Link("Cancel", "/?a=1&b=2"),
            ),
        )
    )
    save, destroy = page.all("button")
    assert (save.attrs["name"], save.attrs["value"], save.attrs["data-x"]) == ("go", "stay", "1")
    assert "hidden" in save.attrs
    assert "nhsuk-button--warning" in destroy.classes
    assert page.one("a").attrs["href"] == "/?a=1&b=2"


def test_what_crispy_itself_brings_can_be_used():
    page = page_of(arranged(Div("town", css_id="box"), CrispyLayout("postcode"), Submit("go", "Send")))
    assert by_id(page, "box").one("input", name="town")
    assert page.one("input", type="submit").attrs["value"] == "Send"


def test_a_plain_django_form_gets_the_look_as_well():
    class Plain(forms.Form):
        name = forms.CharField(help_text="Any")
        way = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)

    whole = parse(Template("{% load crispy_forms_tags %}{% crispy form %}").render(Context({"form": Plain()})))
    assert "nhsuk-input" in by_id(whole, "id_name").classes
    assert whole.one(class_="nhsuk-radios")
    assert "nhsuk-input" in Template("{% load crispy_forms_tags %}{{ form.name|as_crispy_field }}").render(
        Context({"form": Plain()})
    )


def test_a_form_of_another_library_takes_the_mixin():
    class Theirs(forms.Form):
        login = forms.CharField(label="Login")

        def __init__(self, *args: object, request: object = None, **kwargs: object) -> None:
            super().__init__(*args, **kwargs)
            self.request = request

    class Ours(NhsFormMixin, Theirs):
        submit_label = "Sign in"

    form = Ours({}, request="r")
    assert form.request == "r"
    assert form.errors["login"] == ["Enter login"]
    assert page_of(form).one("button").text == "Sign in"


def test_a_form_inside_a_form_of_the_page_brings_no_tag_and_no_button():
    html = Template("{% load crispy_forms_tags %}{{ form|crispy }}").render(Context({"form": Two()}))
    page = parse(html)
    assert not page.all("form")
    assert not page.all("button")
    assert len(page.all("input")) == 2


def test_inside_a_form_of_the_page_the_arrangement_and_the_revealed_questions_stay():
    html = Template("{% load crispy_forms_tags %}{{ form|crispy }}").render(Context({"form": PersonForm()}))
    page = parse(html)  # fails when a question stands both in its option and by itself
    assert by_id(page, "id_contact_1_conditional").one("input", name="phone")
    assert by_id(page, "id_version").attrs["type"] == "hidden"
    turned = parse(
        Template("{% load crispy_forms_tags %}{{ form|crispy }}").render(
            Context({"form": arranged(Fieldset("Where", "postcode", "town"))})
        )
    )
    assert [box.attrs["name"] for box in turned.one("fieldset").all("input")] == ["postcode", "town"]


def test_a_form_that_asks_and_changes_nothing_is_sent_by_get_without_a_token():
    class Search(NhsForm):
        form_method = "get"
        q = forms.CharField()

    page = page_of(Search())
    assert page.one("form").attrs["method"] == "get"
    assert not page.all("input", name="csrfmiddlewaretoken")
    assert page_of(Two()).one("input", name="csrfmiddlewaretoken")
