"""The service's own lists: one form a list."""

from __future__ import annotations

from typing import Any

from families.models import CaseLimits, ClosureReason, Pathway, PathwayStage
from nhsuk_forms.forms import NhsModelForm
from nhsuk_forms.layout import Row

STILL_OFFERED = "Cases that have it already keep it."


class RowForm(NhsModelForm):
    """A row of a list whose action decides what may be kept; the database's constraints stay its last word."""

    def _post_clean(self) -> None:
        """Fill the row, and leave its checks to the action: a new row has no position yet."""
        opts = self._meta
        for name in opts.fields or ():
            if name in self.cleaned_data:
                setattr(self.instance, name, self.cleaned_data[name])


class PathwayForm(RowForm):
    submit_label = "Save this pathway"
    nouns = {"label": "what the pathway is called"}

    class Meta:
        model = Pathway
        fields = ["label", "description", "active"]
        labels = {"label": "What it is called", "description": "What it is, in a line", "active": "Offered"}
        help_texts = {"active": STILL_OFFERED}


class StageRowForm(RowForm):
    submit_label = "Save this stage"
    nouns = {"label": "what the stage is called", "meaning": "what the stage means"}
    looks = {"amber_days": {"width": 3, "suffix": "days"}, "red_days": {"width": 3, "suffix": "days"}}
    layout = ["label", "meaning", Row("amber_days", "red_days"), "active"]

    class Meta:
        model = PathwayStage
        fields = ["label", "meaning", "amber_days", "red_days", "active"]
        labels = {
            "label": "What it is called",
            "meaning": "What it means",
            "amber_days": "Amber after",
            "red_days": "Red after",
            "active": "Offered",
        }
        help_texts = {
            "meaning": "The name is yours; this is how the service knows where a case stands.",
            "amber_days": "Empty: never",
            "red_days": "Empty: never",
            "active": STILL_OFFERED,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:  # cases that are in it are where it says
            del self.fields["meaning"]
            self.layout = ["label", Row("amber_days", "red_days"), "active"]


class ClosureReasonForm(RowForm):
    submit_label = "Save this reason"
    nouns = {"label": "the reason"}

    class Meta:
        model = ClosureReason
        fields = ["label", "active"]
        labels = {"label": "The reason", "active": "Offered"}
        help_texts = {
            "label": "Write it so that the family could read it: what happened, never whose fault it was.",
            "active": STILL_OFFERED,
        }


class CaseLimitsForm(NhsModelForm):
    submit_label = "Save the limits"
    looks = {
        "ages_out_months": {"width": 3, "suffix": "months"},
        "warn_weeks": {"width": 3, "suffix": "weeks"},
    }

    class Meta:
        model = CaseLimits
        fields = ["ages_out_months", "warn_weeks"]
        labels = {
            "ages_out_months": "Until what age do you work with an infant?",
            "warn_weeks": "How long before that is it said on a case?",
        }
        help_texts = {
            "ages_out_months": "24 months is the second birthday.",
            "warn_weeks": "Families never read it.",
        }
