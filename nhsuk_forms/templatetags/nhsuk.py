"""``{% load nhsuk %}``: the error summary, and what the template pack itself needs."""

from __future__ import annotations

from typing import Any

from crispy_forms.utils import render_field
from django import template
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from nhsuk_forms.forms import NhsFormMixin
from nhsuk_forms.rendering import problems, view_of

register = template.Library()


@register.simple_tag
def error_summary(*forms: Any) -> SafeString:
    """The summary above the heading, linking to each field: ``{% error_summary form formset %}``.

    Nothing when all is well. ``{% crispy form %}`` shows one itself only if this was not called for the form.
    """
    bound = [form for form in forms if form and getattr(form, "is_bound", False)]
    for form in bound:
        form.error_summary_shown = True
    found = [problem for form in bound for problem in problems(form)]
    return render_to_string("nhsuk/error_summary.html", {"problems": found}) if found else SafeString("")


@register.simple_tag
def error_summary_unless_shown(form: Any) -> SafeString:
    """For the pack's own form template: the summary, if the page has not shown one above its heading."""
    return SafeString("") if getattr(form, "error_summary_shown", False) else error_summary(form)


@register.simple_tag(takes_context=True)
def nhsuk_field(context: Context, bound: BoundField, look: dict[str, Any] | None = None) -> SafeString:
    """One field with its label, hint, errors and the questions it reveals."""
    if bound.is_hidden:
        return SafeString(bound.as_widget())
    revealed = {
        str(value): SafeString("".join(_render(bound, name, context) for name in names))
        for value, names in getattr(bound.form, "reveals", {}).get(bound.name, {}).items()
    }
    view = view_of(bound, look or {}, revealed)
    return render_to_string(view.template, {"f": view, "field": bound})


@register.simple_tag(takes_context=True)
def nhsuk_fields(context: Context, form: Any) -> SafeString:
    """All fields of a form without its tag and buttons, arranged as the form says: ``{{ form|crispy }}`` ends here."""
    if isinstance(form, NhsFormMixin):
        return form.arranged_helper().render_layout(form, context, template_pack="nhsuk")
    return SafeString("".join(nhsuk_field(context, bound) for bound in form))


def _render(bound: BoundField, name: str, context: Context) -> str:
    form: Any = bound.form
    if not hasattr(form, "crispy_field_template"):  # crispy sets it only where a helper has a layout
        form.crispy_field_template = None
    context["look"] = {}
    return str(render_field(name, form, context, template_pack="nhsuk"))


@register.simple_tag
def html_attributes(attrs: dict[str, Any]) -> SafeString:
    """Attributes of a button: True alone, False and None left out."""
    parts = []
    for name, value in attrs.items():
        if value is True:
            parts.append(format_html(" {}", name))
        elif value is not False and value is not None:
            parts.append(format_html(' {}="{}"', name, value))
    return SafeString("".join(parts))


@register.simple_tag
def page_numbers(page: Page) -> list[int | str]:
    """The numbers that a pagination shows for ``page``: the ends, the neighbours, and "…" for what is left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
