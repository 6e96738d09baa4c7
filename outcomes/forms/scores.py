"""Forms that write down a completed measure, and what was done about a critical answer."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Permission, User
from families.forms.fields import Prose
from families.models import Case, Person
from nhsuk_forms.fields import DateInputField
from nhsuk_forms.forms import NhsForm, make_nhs
from nhsuk_forms.layout import Fieldset
from outcomes.actions.scores import Given
from outcomes.definitions import ABOUT_CAREGIVER, ABOUT_INFANT, CAREGIVER, ITEMS, NOT_APPLICABLE, SUM, Item
from outcomes.forms.goals import LONGEST_PROSE, meeting_choices
from outcomes.forms.questions import grown_ups
from outcomes.models import MeasureVersion, Score
from outcomes.models.scores import Occasion
from outcomes.registry import meetings_of
from outcomes.windows import why_outside


def item_choices(item: Item) -> list[tuple[str, str]]:
    """The answers to a question, "does not apply" last where it is offered."""
    choices = [(str(option.value), option.label) for option in item.options]
    if item.not_applicable is not None:
        choices.append((NOT_APPLICABLE, "Does not apply"))
    return choices


def as_answer(chosen: str) -> int | str | None:
    """A posted answer as scoring reads it."""
    return None if chosen == "" else chosen if chosen == NOT_APPLICABLE else int(chosen)


def why_field(said: str) -> forms.CharField:
    """Why a measure is used although a baby's age does not fit it; ``said`` is what does not fit."""
    return forms.CharField(
        label="Why is it used all the same?",
        required=False,
        max_length=300,
        help_text=f"{said} Its lines may not hold outside these ages. Your reason stands beside the score.",
    )


class ScoreForm(NhsForm):
    """One measure on paper: who, about whom, when, and its answers or its scores. Built from the definition."""

    submit_label = "Save these scores"
    mark_optional = False

    def __init__(self, *args: Any, case: Case, version: MeasureVersion, by: User, **kwargs: Any) -> None:
        self.case, self.version, self.by = case, version, by
        self.definition = version.definition
        self.people = grown_ups(case)
        self.infants = {
            str(person.pk): person for person in case.people.filter(kind=Person.Kind.INFANT).order_by("created_at")
        }
        self.raters = {str(user.pk): user for user in _raters(case, by)}
        super().__init__(*args, **kwargs)
        self._ask_who()
        self._ask_when()
        self._ask_what()
        self._ask_why_outside()
        for name, field in self.fields.items():
            make_nhs(field, name, self.nouns.get(name))
        self.layout = self._layout()

    def _choose(self, name: str, label: str, choices: dict[str, str], noun: str) -> None:
        widget = forms.RadioSelect if len(choices) <= 6 else forms.Select
        field = forms.ChoiceField(label=label, choices=list(choices.items()), widget=widget)
        if len(choices) == 1:
            field.initial = next(iter(choices))
        self.fields[name] = field
        self.nouns = {**self.nouns, name: noun}

    def _ask_who(self) -> None:
        grown = {key: person.display_name for key, person in self.people.items()}
        if self.definition.respondent == CAREGIVER:
            self._choose("respondent", "Who answered?", grown, "who answered")
        else:
            names = {key: user.name for key, user in self.raters.items()}
            self._choose("rater", "Who rated?", names, "who rated")
            self.fields["rater"].initial = str(self.by.pk)
            if self.definition.about != ABOUT_INFANT:
                self._choose("about_caregiver", "Which caregiver is it about?", grown, "which caregiver it is about")
        if self.definition.about != ABOUT_CAREGIVER:
            babies = {key: person.display_name for key, person in self.infants.items()}
            self._choose("about_infant", "Which baby is it about?", babies, "which baby it is about")

    def _ask_when(self) -> None:
        self.fields["completed_on"] = DateInputField(
            label="When was it completed?", not_future=True, initial=timezone.localdate()
        )
        self.fields["occasion"] = forms.ChoiceField(
            label="Where in the work is this?", choices=Occasion.choices, widget=forms.RadioSelect
        )
        self.nouns = {**self.nouns, "occasion": "where in the work this is"}
        self.fields["session"] = forms.ChoiceField(
            label="In which session?", required=False, choices=meeting_choices(meetings_of(self.case))
        )

    def _ask_what(self) -> None:
        if self.definition.mode == ITEMS:
            for item in self.definition.items:
                self.fields[f"q_{item.number}"] = forms.ChoiceField(
                    label=f"{item.number}. {item.text}",
                    choices=[*item_choices(item), ("", "Left out")],
                    widget=forms.RadioSelect,
                    required=False,
                )
            return
        for subscale in self.definition.subscales:
            self.fields[f"value_{subscale.key}"] = forms.DecimalField(
                label=subscale.name,
                required=False,
                max_digits=7,
                decimal_places=0 if subscale.how == SUM else 2,
                help_text=f"From {subscale.range_in_words}" if subscale.range_in_words else "",
            )
        for critical in self.definition.critical:
            self.fields[f"critical_{critical.item}"] = forms.IntegerField(
                label=f"The answer to question {critical.item} alone",
                help_text=f"{critical.text}: from {critical.low} to {critical.high}. Anything above {critical.above} "
                "is talked about today.",
            )
            self.nouns = {**self.nouns, f"critical_{critical.item}": f"the answer to question {critical.item}"}

    def _ask_why_outside(self) -> None:
        """Asked only where a baby is, on the day that was entered, younger or older than the measure is made for."""
        if "about_infant" not in self.fields:
            return
        day = self._day()
        said = [why for infant in self.infants.values() if (why := why_outside(self.version, infant, day))]
        if said:
            self.fields["outside_ages_why"] = why_field(" ".join(said))

    def _day(self) -> date:
        field = self.fields["completed_on"]
        if not self.is_bound:
            return timezone.localdate()
        try:
            posted = field.widget.value_from_datadict(self.data, self.files, self.add_prefix("completed_on"))
            return field.clean(posted) or timezone.localdate()
        except ValidationError:
            return timezone.localdate()  # the field itself says what is wrong with it

    def _layout(self) -> list[Any]:
        asked = [name for name in self.fields if name.startswith(("q_", "value_", "critical_"))]
        self.looks = {name: {"inline": True} if name.startswith("q_") else {"width": 5} for name in asked}
        legend = self.definition.instruction or "What it came to"
        return [*(name for name in self.fields if name not in asked), Fieldset(legend, *asked)]

    @property
    def given(self) -> Given:
        """Who, about whom and when, as the action takes it."""
        data = self.cleaned_data
        respondent = self.people.get(data.get("respondent", ""))
        caregiver = (
            respondent if self.definition.respondent == CAREGIVER else self.people.get(data.get("about_caregiver", ""))
        )
        return Given(
            respondent=respondent,
            about_caregiver=caregiver if self.definition.about != ABOUT_INFANT else None,
            about_infant=self.infants.get(data.get("about_infant", "")),
            rater=self.raters.get(data.get("rater", "")),
            occasion=data["occasion"],
            occasion_id=data["session"] or None,
            completed_on=data["completed_on"],
            outside_ages_why=data.get("outside_ages_why", ""),
            way=Score.Way.PAPER if self.definition.respondent == CAREGIVER else Score.Way.RATED,
        )

    @property
    def answers(self) -> dict[int, int | str | None]:
        """Question → answer; of a measure of scores only, its critical questions."""
        data = self.cleaned_data
        if self.definition.mode == ITEMS:
            return {item.number: as_answer(data[f"q_{item.number}"]) for item in self.definition.items}
        return {critical.item: data[f"critical_{critical.item}"] for critical in self.definition.critical}

    @property
    def figures(self) -> dict[str, Any]:
        """Subscale → figure, of those that were entered."""
        data = self.cleaned_data
        return {
            subscale.key: data[f"value_{subscale.key}"]
            for subscale in self.definition.subscales
            if data.get(f"value_{subscale.key}") is not None
        }

    @property
    def field_of(self) -> dict[str, str]:
        """The action's names of what it refuses → the field it is about."""
        return {subscale.key: f"value_{subscale.key}" for subscale in self.definition.subscales}


def _raters(case: Case, by: User) -> list[User]:
    """Who may have rated: whoever enters it, who works on the case, and the practitioners of its team."""
    users = [by, *([case.lead] if case.lead else []), *case.co_workers.all()]
    colleagues = User.objects.filter(team=case.team_id, is_active=True).order_by("name")
    users += [user for user in colleagues if user.can(Permission.ANALYSE_FILM)]
    return list(dict.fromkeys(users))


class ActForm(NhsForm):
    """What was done about a critical answer."""

    submit_label = "Save what was done"
    acted = Prose(
        label="What was done?",
        max_length=LONGEST_PROSE,
        help_text="Whom you spoke with and when, what was decided, who else knows.",
    )
    nouns = {"acted": "what was done"}
    looks = {"acted": {"rows": 5}}
