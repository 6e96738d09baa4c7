"""Widgets that Django does not have."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django import forms

PARTS = ("day", "month", "year")
WIDTHS = {"day": 2, "month": 2, "year": 4}


class NhsDateWidget(forms.Widget):
    """Three boxes: ``<name>_day``, ``<name>_month``, ``<name>_year``. The value is a list of three texts.

    Render it with ``attrs["wrong_parts"]`` (names out of ``PARTS``) to mark those boxes.
    """

    template_name = "nhsuk/widgets/date.html"
    use_fieldset = True

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_day" if id_ else id_

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[str] | str | None:
        if not any(f"{name}_{part}" in data for part in PARTS):
            return data.get(name)  # an API or a script may send one ISO date
        return [data.get(f"{name}_{part}", "") or "" for part in PARTS]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and not any(f"{name}_{part}" in data for part in PARTS)

    def format_value(self, value: Any) -> list[str]:
        """The three texts to show for a date, an ISO text, or what was typed."""
        if isinstance(value, str):
            try:
                value = datetime.date.fromisoformat(value)
            except ValueError:
                return [value, "", ""]
        if isinstance(value, datetime.date):
            return [str(value.day), str(value.month), str(value.year)]
        if isinstance(value, list | tuple) and len(value) == 3:
            return [str(text or "") for text in value]
        return ["", "", ""]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        attrs = dict(attrs or {})
        wrong = attrs.pop("wrong_parts", ())
        context = super().get_context(name, value, attrs)
        all_attrs = context["widget"]["attrs"]
        id_ = all_attrs.get("id", "")
        autocomplete = all_attrs.get("autocomplete")
        context["widget"]["parts"] = [
            {
                "part": part,
                "label": part.capitalize(),
                "name": f"{name}_{part}",
                "id": f"{id_}_{part}" if id_ else "",
                "value": text,
                "width": WIDTHS[part],
                "wrong": part in wrong,
                "autocomplete": f"{autocomplete}-{part}" if autocomplete == "bday" else "",
                "disabled": bool(all_attrs.get("disabled")),
            }
            for part, text in zip(PARTS, self.format_value(value), strict=True)
        ]
        return context
