"""The vocabulary of a form's arrangement. Everything nests; a bare text is the name of a field."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import LayoutObject
from crispy_forms.utils import TEMPLATE_PACK, render_field
from django.forms import BaseForm
from django.template.loader import render_to_string
from django.utils.safestring import SafeString


class Field(LayoutObject):
    """One field with options of its look. The same options can stand in the form's ``looks``.

    - ``width``: 2, 3, 4, 5, 10, 20, 30 characters, or "one-third", "one-half", "two-thirds", "full"
    - ``label_size``: "s", "m", "l", "xl"; ``label_hidden``: only a screen reader says the label
    - ``autocomplete``, ``inputmode``, ``spellcheck``: attributes of the box
    - ``prefix``, ``suffix``: "£", "weeks"
    - ``rows``; ``count`` (False: no character count on a long text that has a limit)
    - ``inline``, ``small``: radios and checkboxes
    - ``hints``: value → hint under that option; ``exclusive``: the value of "none of these"
    - ``attrs``: any further attributes of the control
    """

    def __init__(self, name: str, **look: Any) -> None:
        self.fields = [name]
        self.look = look

    def render(self, form: BaseForm, context: Any, template_pack: str = TEMPLATE_PACK, **kwargs: Any) -> SafeString:
        html = render_field(
            self.fields[0], form, context, template_pack=template_pack, extra_context={"look": self.look}
        )
        return SafeString(html)


class _Block(LayoutObject):
    """A template round other things; ``variables`` go into it."""

    template = ""

    def __init__(self, *fields: Any, **variables: Any) -> None:
        self.fields = list(fields)
        self.variables = variables

    def render(self, form: BaseForm, context: Any, template_pack: str = TEMPLATE_PACK, **kwargs: Any) -> SafeString:
        inside = self.get_rendered_fields(form, context, template_pack)
        return render_to_string(self.template, {**self.variables, "fields": inside})


class Fieldset(_Block):
    """Questions that belong together: ``Fieldset("Where the family lives", "address", "postcode")``."""

    template = "nhsuk/layout/fieldset.html"

    def __init__(self, legend: str, *fields: Any, size: str = "m", hint: str = "", css_id: str = "") -> None:
        super().__init__(*fields, legend=legend, size=size, hint=hint, css_id=css_id)


class Row(_Block):
    """Fields side by side on a wide screen, under one another on a narrow one."""

    template = "nhsuk/layout/row.html"


class Details(_Block):
    """What few people need, folded away. Opens by itself when a field in it has an error."""

    template = "nhsuk/layout/details.html"

    def __init__(self, summary: str, *fields: Any) -> None:
        super().__init__(*fields, summary=summary)

    def render(self, form: BaseForm, context: Any, template_pack: str = TEMPLATE_PACK, **kwargs: Any) -> SafeString:
        names = [pointer.name for pointer in self.get_field_names()]
        self.variables["open"] = any(name in form.errors for name in names)
        return super().render(form, context, template_pack)


class Text(_Block):
    """A paragraph between questions. Plain text; it is escaped."""

    template = "nhsuk/layout/text.html"

    def __init__(self, text: str) -> None:
        super().__init__(text=text)


class Heading(_Block):
    """A heading between questions."""

    template = "nhsuk/layout/heading.html"

    def __init__(self, text: str, *, level: int = 2, size: str = "m") -> None:
        super().__init__(text=text, level=level, size=size)


class Inset(Text):
    """A paragraph set apart."""

    template = "nhsuk/layout/inset.html"


class Warning(_Block):
    """A warning callout before a question."""

    template = "nhsuk/layout/warning.html"

    def __init__(self, text: str, *, heading: str = "Important") -> None:
        super().__init__(text=text, heading=heading)


class Button(_Block):
    """Says what happens: ``Button("Cut these three moments")``.

    ``kind``: "primary", "secondary", "warning" (destroys something), "login" (the door). With ``name`` and
    ``value`` the view can tell which button was pressed.
    """

    template = "nhsuk/layout/button.html"

    def __init__(
        self,
        text: str,
        *,
        name: str = "",
        value: str = "",
        kind: str = "primary",
        small: bool = False,
        attrs: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(text=text, name=name, value=value, kind=kind, small=small, attrs=attrs or {})


class Link(_Block):
    """A link in the row of buttons: ``Link("Cancel", url)``."""

    template = "nhsuk/layout/link.html"

    def __init__(self, text: str, url: str) -> None:
        super().__init__(text=text, url=url)


class Buttons(_Block):
    """Buttons and links in one row, the main one first."""

    template = "nhsuk/layout/buttons.html"
