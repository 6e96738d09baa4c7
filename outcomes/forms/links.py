"""How a link is sent to somebody: only in ways that they allow and through which something can leave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from nhsuk_forms.forms import NhsForm
from outcomes.actions.links import LinkWay


class SendLinkForm(NhsForm):
    """Which way, and whether now is safe."""

    submit_label = "Send the link"
    mark_optional = False
    channel = forms.ChoiceField(label="How shall it be sent?", widget=forms.RadioSelect)
    safe_now = forms.BooleanField(label="It is a safe time for them now", required=False)
    nouns = {"channel": "how to send it"}

    def __init__(self, *args: Any, ways: Sequence[LinkWay], safe_times: str, hide: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = [  # type: ignore[attr-defined]
            (way.sent_by, way.channel.label if hide else f"{way.channel.label} to {way.shown}") for way in ways
        ]
        if len(ways) == 1:
            self.fields["channel"].initial = ways[0].sent_by
        if safe_times:
            self.fields["safe_now"].help_text = f"They said: {safe_times}"
        else:
            del self.fields["safe_now"]
