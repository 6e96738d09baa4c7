"""Asking for consent on the spot: on the page that sends a film, for the people in shot.

For the page that uploads::

    asked = OnTheSpot(people, (Purpose.FILM, Purpose.SHARED_REVIEW), by=request.user, data=request.POST or None)

    # GET: show one block for each form; a script may hide those whose person is not ticked as being in shot.
    #      {% for form in asked.forms %}<div data-person="{{ form.person.pk }}">{{ form|crispy }}</div>{% endfor %}
    # POST:
    if asked.is_valid(in_shot) and form.is_valid():      # only the people in shot are asked and checked
        asked.save(in_shot, case=case)
        verdict = consent.ask(in_shot, Purpose.FILM)      # the last word, always

``missing(people, purposes)`` alone says what would have to be asked. Answers left open are no consent: nothing
is recorded for them, and ``consent.ask`` goes on saying no.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from families import actions, wordings
from families.consent import PersonStanding, Purpose, decides_alone, standings
from families.forms.consent import (
    AUTHORITY,
    DESK_EVIDENCE,
    DeciderMixin,
    decider_choices,
    decision_choices,
    purpose_field,
    unsettled_hint,
)
from families.forms.fields import Line, add_action_error
from families.models import Case, Consent, ConsentWording, Person
from nhsuk_forms.forms import NhsForm

ON_THE_SPOT: tuple[str, ...] = (Purpose.FILM, Purpose.SHARED_REVIEW)


def missing(people: Iterable[Person], purposes: Iterable[str] = ON_THE_SPOT) -> list[PersonStanding]:
    """What stands in the way: each person and purpose without an agreement, in the order of the people."""
    return [each for each in standings(people, purposes).values() if not each.agreed]


class ConsentOnTheSpotForm(DeciderMixin, NhsForm):
    """What one person in shot is still to be asked: nothing else, and "said aloud" unless told otherwise."""

    submit_label = ""
    mark_optional = False
    decided_by = forms.ChoiceField(widget=forms.RadioSelect, required=False)
    decided_by_name = Line(label="Name and role of who speaks for the local authority", max_length=150)
    evidence = forms.ChoiceField(
        label="How did they say so?",
        choices=DESK_EVIDENCE,
        initial=Consent.Evidence.SPOKEN,
        widget=forms.RadioSelect,
    )
    witness = Line(label="Who heard it?", max_length=150)
    reveals = {
        "decided_by": {AUTHORITY: ["decided_by_name"]},
        "evidence": {Consent.Evidence.SPOKEN: ["witness"]},
    }

    def __init__(
        self,
        *args: Any,
        person: Person,
        lacking: Sequence[PersonStanding],
        texts: Mapping[str, ConsentWording],
        by: User,
        **kwargs: Any,
    ) -> None:
        self.person, self.lacking, self.texts, self.by = person, lacking, texts, by
        super().__init__(*args, **kwargs)
        questions: dict[str, forms.Field] = {}
        for each in lacking:
            questions[purpose_field(each.purpose)] = forms.ChoiceField(
                label=Purpose(each.purpose).label,
                help_text=f"{each.sentence} {texts[each.purpose].text}",
                choices=[*decision_choices(person), ("", "Not asked now")],
                initial="",
                required=False,
                widget=forms.RadioSelect,
            )
        if decides_alone(person):
            del self.fields["decided_by"], self.fields["decided_by_name"]
            self.reveals = {field: shown for field, shown in self.reveals.items() if field != "decided_by"}
        else:
            self.fields["decided_by"].label = f"Who decides for {person.short_name}?"
            self.fields["decided_by"].choices = decider_choices(person)  # type: ignore[attr-defined]
            self.fields["decided_by"].help_text = unsettled_hint(person)
        self.fields["witness"].initial = by.name
        self.fields = {**questions, **self.fields}

    def answers(self) -> dict[str, str]:
        """Purpose → decision, for what was answered."""
        found = {each.purpose: self.cleaned_data.get(purpose_field(each.purpose)) for each in self.lacking}
        return {purpose: decision for purpose, decision in found.items() if decision}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.answers() and "decided_by" in self.fields and not data.get("decided_by"):
            self.add_error("decided_by", f"Select who decides for {self.person.short_name}")
        return data

    def record(self, case: Case | None) -> list[Consent]:
        """Record the answers, in the caller's transaction. Raises ValidationError."""
        return [
            actions.record_consent(
                by=self.by,
                person=self.person,
                purpose=purpose,
                decision=decision,
                evidence=self.cleaned_data["evidence"],
                witness=self.cleaned_data.get("witness", ""),
                wording=self.texts[purpose],
                case=case,
                **self.decider(),
            )
            for purpose, decision in self.answers().items()
        ]


class OnTheSpot:
    """One ``ConsentOnTheSpotForm`` for each person who is still to be asked something.

    Behaves like a formset towards ``{% error_summary %}``. Unborn infants are never asked.
    """

    def __init__(
        self,
        people: Iterable[Person],
        purposes: Iterable[str] = ON_THE_SPOT,
        *,
        by: User,
        data: Mapping[str, Any] | None = None,
        prefix: str = "consent",
    ) -> None:
        purposes = tuple(purposes)
        self.by = by
        lacking: dict[object, list[PersonStanding]] = {}
        for each in missing([person for person in people if not person.unborn], purposes):
            lacking.setdefault(each.person.pk, []).append(each)
        texts = wordings.all_current(purposes) if lacking else {}
        self.forms = [
            ConsentOnTheSpotForm(
                data,
                prefix=f"{prefix}-{pk}",
                person=rows[0].person,
                lacking=rows,
                texts=texts,
                by=by,
            )
            for pk, rows in lacking.items()
        ]

    def __iter__(self) -> Iterator[ConsentOnTheSpotForm]:
        return iter(self.forms)

    def __len__(self) -> int:
        return len(self.forms)

    def for_people(self, in_shot: Iterable[Person]) -> list[ConsentOnTheSpotForm]:
        """The forms of those people alone."""
        wanted = {person.pk for person in in_shot}
        return [form for form in self.forms if form.person.pk in wanted]

    def non_form_errors(self) -> list[str]:
        return []

    @property
    def errors(self) -> list[Any]:
        return [form.errors for form in self.forms if form.is_bound and form.errors]

    def is_valid(self, in_shot: Iterable[Person]) -> bool:
        """Check the forms of the people in shot, and forget what was typed about others."""
        self.forms = self.for_people(in_shot)
        valid = [form.is_valid() for form in self.forms]  # every form, so that all errors are said at once
        return all(valid)

    def save(self, in_shot: Iterable[Person], *, case: Case | None = None) -> list[Consent] | None:
        """Record every answer of the people in shot, or none and None with the reason on the form."""
        recorded: list[Consent] = []
        try:
            with transaction.atomic():
                for form in self.for_people(in_shot):
                    try:
                        recorded += form.record(case)
                    except ValidationError as error:
                        add_action_error(form, error)
                        raise
        except ValidationError:
            return None
        return recorded
