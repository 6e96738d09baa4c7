"""From a bound field to what its template needs: ids, classes, hint, errors, options."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

from nhsuk_forms.widgets import PARTS, NhsDateWidget

TEMPLATES = {
    "input": "nhsuk/input.html",
    "textarea": "nhsuk/textarea.html",
    "select": "nhsuk/select.html",
    "password": "nhsuk/password.html",
    "file": "nhsuk/file.html",
    "radios": "nhsuk/choices.html",
    "checkboxes": "nhsuk/choices.html",
    "checkbox": "nhsuk/checkbox.html",
    "date": "nhsuk/date.html",
    "group": "nhsuk/group.html",
}


@dataclass(frozen=True)
class Option:
    """One radio or checkbox."""

    id: str
    value: str
    label: str
    checked: bool
    hint: str
    exclusive: bool
    disabled: bool
    revealed: SafeString
    group: str = ""

    @property
    def hint_id(self) -> str:
        return f"{self.id}_hint"

    @property
    def conditional_id(self) -> str:
        return f"{self.id}_conditional"


@dataclass(frozen=True)
class FieldView:
    """Everything that a field's template shows."""

    kind: str
    name: str
    id: str
    label: str
    label_size: str
    label_hidden: bool
    hint: str
    errors: tuple[str, ...]
    control: SafeString
    described_by: str
    prefix: str = ""
    suffix: str = ""
    max_length: int | None = None
    count_threshold: int = 0
    inline: bool = False
    small: bool = False
    options: tuple[Option, ...] = field(default=())

    @property
    def hint_id(self) -> str:
        return f"{self.id}_helptext"

    @property
    def error_id(self) -> str:
        return f"{self.id}_error"

    @property
    def template(self) -> str:
        return TEMPLATES[self.kind]


def kind_of(bound: BoundField) -> str:
    """Which template a field's widget calls for."""
    widget = bound.field.widget
    match widget:
        case NhsDateWidget():
            return "date"
        case forms.CheckboxSelectMultiple():
            return "checkboxes"
        case forms.RadioSelect():
            return "radios"
        case forms.CheckboxInput():
            return "checkbox"
        case forms.Select():
            return "select"
        case forms.Textarea():
            return "textarea"
        case forms.PasswordInput():
            return "password"
        case forms.FileInput():
            return "file"
        case forms.MultiWidget():
            return "group"
    return "input"


def view_of(bound: BoundField, look: Mapping[str, Any], revealed: Mapping[str, SafeString]) -> FieldView:
    """What to show for ``bound``; ``revealed`` is the ready HTML asked under an option, by its value."""
    look = {**getattr(bound.form, "looks", {}).get(bound.name, {}), **look}
    kind = kind_of(bound)
    errors = tuple(str(message) for message in bound.errors)
    counted = kind == "textarea" and look.get("count", True)
    max_length = getattr(bound.field, "max_length", None) if counted else None
    described_by = _described_by(bound, errors, max_length)
    return FieldView(
        kind=kind,
        name=bound.name,
        id=bound.auto_id,
        label=_label(bound),
        label_size=look.get("label_size", ""),
        label_hidden=look.get("label_hidden", False),
        hint=str(bound.help_text or ""),  # stays safe where it was marked safe
        errors=errors,
        control=_control(bound, kind, look, described_by, max_length),
        described_by=described_by,
        prefix=look.get("prefix", ""),
        suffix=look.get("suffix", ""),
        max_length=max_length,
        count_threshold=50 if max_length and max_length >= 200 else 0,
        inline=look.get("inline", False),
        small=look.get("small", getattr(bound.form, "small_choices", False)),
        options=tuple(_options(bound, kind, look, revealed)) if kind in {"radios", "checkboxes", "checkbox"} else (),
    )


def _label(bound: BoundField) -> str:
    label = str(bound.label)
    required = getattr(bound.field, "required_when_asked", bound.field.required)
    if required or not getattr(bound.form, "mark_optional", False) or "(optional" in label.lower():
        return label
    if isinstance(bound.field, forms.BooleanField) and not isinstance(bound.field, forms.NullBooleanField):
        return label
    return f"{label} (optional)"


def _described_by(bound: BoundField, errors: tuple[str, ...], max_length: int | None) -> str:
    ids = [str(bound.field.widget.attrs.get("aria-describedby", ""))]
    if max_length:
        ids.append(f"{bound.auto_id}-info")
    if bound.help_text:
        ids.append(f"{bound.auto_id}_helptext")
    if errors:
        ids.append(f"{bound.auto_id}_error")
    return " ".join(filter(None, ids))


BASE_CLASSES = {
    "input": "nhsuk-input",
    "password": "nhsuk-input nhsuk-password-input__input nhsuk-js-password-input-input",
    "textarea": "nhsuk-textarea",
    "select": "nhsuk-select",
    "file": "nhsuk-file-upload__input",
    "checkbox": "nhsuk-checkboxes__input",
    "group": "nhsuk-input",
}
ERROR_CLASSES = {
    "input": "nhsuk-input--error",
    "password": "nhsuk-input--error",
    "textarea": "nhsuk-textarea--error",
    "select": "nhsuk-select--error",
}


def _control(
    bound: BoundField, kind: str, look: Mapping[str, Any], described_by: str, max_length: int | None
) -> SafeString:
    if kind in {"radios", "checkboxes", "checkbox"}:
        return SafeString("")  # their templates write each option
    widget = bound.field.widget
    own = widget.attrs
    # base class first and never left out: a widget may bring classes of its own
    classes = [BASE_CLASSES.get(kind, ""), str(own.get("class", ""))]
    if bound.errors:
        classes.append(ERROR_CLASSES.get(kind, ""))
    width = look.get("width")
    if width and kind in {"input", "password"}:
        known = str(width) in {"2", "3", "4", "5", "10", "20", "30"}
        classes.append(f"nhsuk-input--width-{width}" if known else f"nhsuk-u-width-{width}")
    elif width:
        classes.append(f"nhsuk-u-width-{width}")
    if max_length:
        classes.append("nhsuk-js-character-count")
    attrs: dict[str, Any] = {
        # a limit that cuts what is pasted loses words: the server says it instead
        "maxlength": False,
        "cols": False,
        **{key: look[key] for key in ("autocomplete", "inputmode", "spellcheck", "rows", "disabled") if key in look},
        **look.get("attrs", {}),
    }
    if " ".join(filter(None, classes)):
        attrs["class"] = " ".join(dict.fromkeys(" ".join(filter(None, classes)).split()))
    if described_by and kind not in {"date", "group"}:
        attrs["aria-describedby"] = described_by
    if kind == "textarea" and "rows" not in look:
        attrs["rows"] = own.get("rows") if str(own.get("rows")) != "10" else 5
    if kind == "password":
        attrs = {"autocomplete": own.get("autocomplete", "current-password"), "autocapitalize": "none", **attrs}
    if kind in {"password", "input"} and getattr(widget, "input_type", "") in {"password", "email", "tel", "url"}:
        attrs.setdefault("spellcheck", "false")
    if kind == "date":
        attrs["wrong_parts"] = _wrong_parts(bound)
    plain = forms.FileInput(attrs=own) if type(widget) is forms.ClearableFileInput else None
    return SafeString(bound.as_widget(widget=plain, attrs=attrs))


def _wrong_parts(bound: BoundField) -> tuple[str, ...]:
    """The boxes of a date that its errors speak of; all of them when the error does not say."""
    parts: list[str] = []
    for error in bound.form.errors.as_data().get(bound.name, []):
        parts.extend((error.params or {}).get("parts", PARTS))
    return tuple(part for part in PARTS if part in parts)


def _options(
    bound: BoundField, kind: str, look: Mapping[str, Any], revealed: Mapping[str, SafeString]
) -> Iterator[Option]:
    hints = {str(value): hint for value, hint in look.get("hints", {}).items()}
    if kind == "checkbox":
        yield Option(
            id=bound.auto_id,
            value=str(getattr(bound.field.widget, "attrs", {}).get("value", "on")),
            label=_label(bound),
            checked=bool(bound.field.widget.check_test(bound.value())),
            hint=str(bound.help_text or ""),
            exclusive=False,
            disabled=bound.field.disabled,
            revealed=revealed.get("True", SafeString("")),
        )
        return
    value = bound.field.widget.format_value(bound.value())
    attrs = {"id": bound.auto_id} if bound.auto_id else {}
    for group, options, _ in bound.field.widget.optgroups(bound.html_name, value, attrs):
        for number, option in enumerate(options):
            given = str(option["value"])
            yield Option(
                id=option["attrs"].get("id", ""),
                value=given,
                label=option["label"],
                checked=bool(option["selected"]),
                hint=hints.get(given, ""),
                exclusive="exclusive" in look and given == str(look["exclusive"]),
                disabled=bound.field.disabled or bool(option["attrs"].get("disabled")),
                revealed=revealed.get(given, SafeString("")),
                group=str(group or "") if number == 0 else "",
            )


def focus_id(bound: BoundField) -> str:
    """The id that a link of the error summary leads to: the first control, or the first wrong box of a date."""
    kind = kind_of(bound)
    if kind == "date":
        wrong = _wrong_parts(bound)
        return f"{bound.auto_id}_{wrong[0] if wrong else 'day'}"
    if kind in {"radios", "checkboxes", "group"}:
        return f"{bound.auto_id}_0"
    return bound.auto_id


def problems(form: Any) -> Iterator[tuple[str, str]]:
    """(message, id to lead to) for every error of a form or formset, in the order of the page."""
    if hasattr(form, "forms"):
        for message in form.non_form_errors():
            yield str(message), ""
        for one in form.forms:
            yield from problems(one)
        return
    for message in form.non_field_errors():
        yield str(message), ""
    for name in in_page_order(form):
        bound = form[name]
        for message in bound.errors:
            yield str(message), "" if bound.is_hidden else focus_id(bound)


def in_page_order(form: Any) -> list[str]:
    """The names of a form's fields as its layout shows them; fields that it leaves out come last."""
    layout = getattr(getattr(form, "helper", None), "layout", None)
    reveals = getattr(form, "reveals", {})
    order: list[str] = []

    def add(name: str) -> None:
        if name in form.fields and name not in order:
            order.append(name)
            for names in reveals.get(name, {}).values():
                for revealed in names:
                    add(revealed)

    for pointer in layout.get_field_names() if layout is not None else ():
        add(pointer.name)
    for name in form.fields:
        add(name)
    return order
