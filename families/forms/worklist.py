"""What to show of a caseload, and in which order."""

from __future__ import annotations

from typing import Any

from django import forms

from families.forms.case import people_who_work_with_families
from families.models import Meaning, Pathway
from families.worklist import RISKS, Narrowed, Silence, Sort
from nhsuk_forms.forms import NhsForm

NOBODY = "nobody"


class WorklistFilter(NhsForm):
    """All may stay empty; it is sent with GET, so that a worklist can be kept as an address."""

    form_method = "get"
    submit_label = ""
    mark_optional = False
    stage = forms.ChoiceField(label="Stage", required=False)
    pathway = forms.ChoiceField(label="Pathway", required=False)
    lead = forms.ChoiceField(label="Lead", required=False)
    risk = forms.ChoiceField(label="Risk", required=False, choices=[("", "Any"), *RISKS])
    late = forms.ChoiceField(
        label="Long in their stage",
        required=False,
        choices=[("", "Any"), ("amber", "Amber or red"), ("red", "Red")],
    )
    silent = forms.ChoiceField(label="No contact for", required=False, choices=[("", "Any"), *Silence.choices])
    ageing = forms.BooleanField(label="Only those who age out soon", required=False)
    sort = forms.ChoiceField(label="Order", required=False, choices=Sort.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {
            "stage": [("", "Any"), *((each.value, each.label) for each in Meaning if each != Meaning.CLOSED)],
            "pathway": [("", "Any"), *((str(each.pk), each.label) for each in Pathway.objects.all())],
            "lead": [
                ("", "Anybody"),
                (NOBODY, "Nobody yet"),
                *((str(each.pk), each.name) for each in people_who_work_with_families()),
            ],
        }
        for name, its in choices.items():
            self.fields[name].choices = its  # type: ignore[attr-defined]

    def asked(self) -> Narrowed:
        """What a valid form asks for."""
        data = self.cleaned_data
        unled = data["lead"] == NOBODY
        return Narrowed(
            stage=data["stage"],
            pathway=data["pathway"],
            lead="" if unled else data["lead"],
            unled=unled,
            risk=data["risk"],
            late=data["late"],
            ageing=data["ageing"],
            silent=data["silent"],
            sort=data["sort"] or Sort.OPENED,
        )
