"""Forms of the schedule, of holds, of offering copies and of the decision to delete."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from families.forms.fields import Line, Prose
from families.forms.settings import RowForm
from families.models import CopyOffer, LegalHold, RetentionRule
from families.retention.schedule import BY_KEY
from nhsuk_forms.fields import DateInputField
from nhsuk_forms.forms import NhsForm

LONGEST_TEXT = 5000


class RuleForm(RowForm):
    """How long one class is kept."""

    submit_label = "Save this rule"
    nouns = {"amount": "how long", "source": "where the rule comes from"}

    class Meta:
        model = RetentionRule
        fields = ["amount", "source"]
        labels = {"amount": "How long?", "source": "Where does the rule come from?"}
        help_texts = {"source": "The policy, law or agreement, so that the certificate can name it"}
        widgets = {"source": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        about = BY_KEY[self.instance.key]
        self.looks = {"amount": {"width": 3, "suffix": about.unit}}
        self.fields["amount"].help_text = f"Counted from {about.counted_from}. At first it is {about.amount}."


class HoldForm(NhsForm):
    """Why nothing of a family may be deleted, and until when."""

    submit_label = "Put on hold"
    kind = forms.ChoiceField(label="What is it kept for?", choices=LegalHold.Kind.choices, widget=forms.RadioSelect)
    reason = Prose(
        label="Say more",
        max_length=LONGEST_TEXT,
        help_text="Who asked for it, with their reference, and what it covers",
    )
    until = DateInputField(
        label="Until when?", required=False, not_past=True, help_text="Leave it empty if nobody can say yet"
    )
    nouns = {"kind": "what it is kept for", "reason": "why it is kept"}


class LiftHoldForm(NhsForm):
    submit_label = "Lift this hold"
    reason = Prose(label="Why is it not needed any more?", max_length=LONGEST_TEXT)
    nouns = {"reason": "why it is not needed any more"}


class OfferForm(NhsForm):
    """That the family was offered copies, or why they cannot be."""

    submit_label = "Save"
    how = forms.ChoiceField(
        label="How were they offered copies?", choices=CopyOffer.How.choices, widget=forms.RadioSelect
    )
    words = Prose(
        label="To whom, and what was said?",
        max_length=LONGEST_TEXT,
        required=False,
        help_text="If they could not be offered any: what was tried, or who would be in danger",
    )
    offered_on = DateInputField(label="When?", not_future=True, initial=timezone.localdate)
    nouns = {"how": "how they were offered copies", "offered_on": "the day"}


class AnswerOfferForm(NhsForm):
    """What the family said."""

    submit_label = "Save their answer"
    answer = forms.ChoiceField(label="What did they say?", choices=CopyOffer.Answer.choices, widget=forms.RadioSelect)
    words = Prose(
        label="In their words", max_length=LONGEST_TEXT, required=False, help_text="Which copies, and how to bring them"
    )
    nouns = {"answer": "what they said"}


class DeleteForm(NhsForm):
    """The decision itself: the reference once more, so that it is the right record."""

    submit_label = ""  # the page has its own, in red
    reference = Line(label="The family’s reference", max_length=20, help_text="As it stands above, like VIG-7K3-MTQ")
    nouns = {"reference": "the family’s reference"}
    looks = {"reference": {"width": 10, "autocomplete": "off", "spellcheck": False}}
