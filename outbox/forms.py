"""The form for the words of a message."""

from __future__ import annotations

from typing import Any

from django import forms

from nhsuk_forms.forms import NhsForm
from outbox import wordings
from outbox.registry import Wordable


class WordingForm(NhsForm):
    """Subject, text of the e-mail, text message; only placeholders that there are, and none missing that is needed."""

    submit_label = ""
    mark_optional = False
    subject = forms.CharField(label="Subject of the e-mail", max_length=150)
    body = forms.CharField(label="E-mail", max_length=4000, widget=forms.Textarea)
    sms = forms.CharField(label="Text message", max_length=600, widget=forms.Textarea)
    why = forms.CharField(label="Why is it changed?", max_length=300, help_text="Kept with this version")
    read = forms.IntegerField(widget=forms.HiddenInput)
    looks = {"body": {"rows": 12}, "sms": {"rows": 4}}
    nouns = {
        "subject": "the subject",
        "body": "the text of the e-mail",
        "sms": "the text message",
        "why": "why it is changed",
    }

    def __init__(self, *args: Any, wordable: Wordable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wordable = wordable

    def _checked(self, part: str) -> str:
        text: str = self.cleaned_data[part].replace("\x00", "").replace("\r\n", "\n").strip()
        if not_there := wordings.unknown(self.wordable, text):
            raise forms.ValidationError(f"There is no {{{not_there[0]}}} in this message. Take it out, or use another")
        if needed := wordings.missing(self.wordable, part, text):
            raise forms.ValidationError(f"Put {{{needed[0]}}} in: without it the message is of no use")
        return text

    def clean_subject(self) -> str:
        return " ".join(self._checked("subject").split())

    def clean_body(self) -> str:
        return self._checked("body")

    def clean_sms(self) -> str:
        return " ".join(self._checked("sms").split())

    def words(self) -> tuple[str, str, str]:
        data = self.cleaned_data
        return data["subject"], data["body"], data["sms"]
