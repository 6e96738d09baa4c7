"""Forms that look and speak like NHS.UK. Inherit ``NhsForm`` or ``NhsModelForm``; README.md shows how."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.forms.models import ModelFormMetaclass

from nhsuk_forms.fields import DateInputField
from nhsuk_forms.layout import Button, Buttons, Link
from nhsuk_forms.wording import say_what_to_do

BLANK = "---------"


class NhsFormMixin:
    """Mix in before any Django form (allauth's too).

    Class attributes, all optional:

    - ``submit_label``: what the button does ("Save the family"). Empty: no button, the page has its own.
    - ``cancel_url``: beside the button, or set it on the instance in the view.
    - ``nouns``: field → the thing asked for inside a sentence, where the label would read badly in an error:
      ``{"born_on": "the baby's date of birth"}`` gives "Enter the baby's date of birth".
    - ``looks``: field → options of ``nhsuk_forms.layout.Field``: ``{"postcode": {"width": 10}}``.
    - ``reveals``: radios or checkbox field → value → names of the fields asked only then. They are shown inside
      that option, are required only then (if required at all), and what was typed in one that is not asked
      is dropped when cleaning.
    - ``layout``: the arrangement, a ``Layout`` or a sequence; without it all fields in order.
    - ``mark_optional``: puts "(optional)" after labels of fields that may stay empty.
    - ``small_choices``: small radios and checkboxes (the desk); False for what a family fills in.
    """

    submit_label: str = "Save"
    cancel_url: str = ""
    cancel_label: str = "Cancel"
    nouns: Mapping[str, str] = {}
    looks: Mapping[str, Mapping[str, Any]] = {}
    reveals: Mapping[str, Mapping[Any, Sequence[str]]] = {}
    layout: Layout | Sequence[Any] | None = None
    mark_optional: bool = True
    small_choices: bool = True
    form_method: str = "post"

    use_required_attribute = False
    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            make_nhs(field, name, self.nouns.get(name))

    # --- questions asked only after an answer ---
    def unasked(self) -> list[str]:
        """Fields that the answers given do not ask for, in the order of the form."""
        asked_by: dict[str, bool] = {}
        for source, branches in self.reveals.items():
            given = self._given(source)
            for value, names in branches.items():
                for name in names:
                    asked_by[name] = asked_by.get(name, False) or str(value) in given
        # a question inside an unasked question is not asked either
        changed = True
        while changed:
            changed = False
            for source, branches in self.reveals.items():
                if asked_by.get(source) is False:
                    for name in (name for names in branches.values() for name in names):
                        if asked_by[name]:
                            asked_by[name], changed = False, True
        return [name for name in self.fields if asked_by.get(name) is False]

    def _given(self, name: str) -> set[str]:
        value = self[name].value()  # type: ignore[index]
        if isinstance(self.fields[name], forms.BooleanField) and isinstance(value, str):
            value = value.lower() not in {"", "false", "off", "0"}
        values = value if isinstance(value, list | tuple | set) else [value]
        return {str(one) for one in values if one is not None}

    def _clean_fields(self) -> None:
        unasked = self.unasked()
        for name in unasked:
            field = self.fields[name]
            field.required_when_asked = field.required  # type: ignore[attr-defined]
            field.required = False
        super()._clean_fields()  # type: ignore[misc]
        for name in unasked:
            self.errors.pop(name, None)  # type: ignore[attr-defined]
            self.cleaned_data[name] = self.fields[name].clean(None)

    # --- appearance ---
    @property
    def helper(self) -> FormHelper:
        """The crispy helper that ``{% crispy form %}`` uses; change it in a subclass by ``super().helper``."""
        helper = self.arranged_helper()
        helper.form_method = self.form_method
        helper.attrs = {"novalidate": True}
        helper.layout.extend(self._buttons())
        return helper

    def arranged_helper(self) -> FormHelper:
        """A helper that has the fields alone, for a form inside a ``<form>`` of the page's own."""
        helper = FormHelper()
        helper.render_hidden_fields = True
        helper.layout = Layout(*self._arranged())
        return helper

    def _arranged(self) -> Iterator[Any]:
        if self.layout is not None:
            yield from self.layout
            return
        revealed = {name for branches in self.reveals.values() for names in branches.values() for name in names}
        for name, field in self.fields.items():
            if name not in revealed and not field.widget.is_hidden:
                yield name

    def _buttons(self) -> Iterator[Any]:
        if not self.submit_label:
            return
        buttons: list[Any] = [Button(self.submit_label)]
        if self.cancel_url:
            buttons.append(Link(self.cancel_label, self.cancel_url))
        yield Buttons(*buttons)


def make_nhs(field: forms.Field, name: str, noun: str | None = None) -> None:
    """Dress one field: messages that say what to do, text boxes for numbers, no line of dashes in a list."""
    say_what_to_do(field, name, noun)
    if type(field.widget) is forms.NumberInput:
        # NHS.UK: a spinner changes the number when a wheel is turned over it, and drops letters silently
        inputmode = "numeric" if type(field) is forms.IntegerField else "decimal"
        field.widget = forms.TextInput(attrs={"inputmode": inputmode, **_without_limits(field.widget.attrs)})
        field.widget.is_required = field.required
    radios = isinstance(field.widget, forms.RadioSelect)
    if isinstance(field, forms.ModelChoiceField):
        if str(field.empty_label) == BLANK and radios and field.required:
            field.empty_label = None
        elif str(field.empty_label) == BLANK:
            field.empty_label = "Select an option" if field.required else "None"
    elif isinstance(field, forms.ChoiceField) and isinstance(field.widget, forms.Select | forms.RadioSelect):
        blank = "Select an option" if field.required else "No answer"
        choices = list(field.choices) if not callable(field.choices) else []
        if any(value in ("", None) and str(label) == BLANK for value, label in choices):
            field.choices = [
                (value, blank if value in ("", None) and str(label) == BLANK else label)
                for value, label in choices
                if not (radios and field.required and value in ("", None))
            ]


def _without_limits(attrs: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in attrs.items() if key not in {"min", "max", "step"}}


class NhsForm(NhsFormMixin, forms.Form):
    """A form of our own making."""


class NhsModelFormMetaclass(ModelFormMetaclass):
    """Asks for every date of a model in three boxes, unless the form declares the field itself."""

    def __new__(mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any]) -> NhsModelFormMetaclass:
        form = super().__new__(mcs, name, bases, attrs)
        for field_name, field in getattr(form, "base_fields", {}).items():
            if type(field) is forms.DateField:
                form.base_fields[field_name] = DateInputField(  # type: ignore[attr-defined]
                    required=field.required, label=field.label, help_text=field.help_text, initial=field.initial
                )
        return form


class NhsModelForm(NhsFormMixin, forms.ModelForm, metaclass=NhsModelFormMetaclass):
    """A form over a model."""
