"""What somebody is asked, who, and in which way."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from families.models import Case, Person
from nhsuk_forms.forms import NhsForm, make_nhs
from outcomes.definitions import ABOUT_CAREGIVER, CAREGIVER
from outcomes.forms.goals import meeting_choices
from outcomes.forms.questions import grown_ups
from outcomes.forms.scores import why_field
from outcomes.models import Asking
from outcomes.models.scores import Occasion
from outcomes.queries.measures import versions_offered
from outcomes.registry import meetings_of
from outcomes.windows import why_outside


class AskForm(NhsForm):
    """A questionnaire for somebody of the family."""

    submit_label = "Go on"
    what = forms.ChoiceField(label="What would you like to ask?", widget=forms.RadioSelect)
    person = forms.ChoiceField(label="Who will answer?", widget=forms.RadioSelect)
    about_infant = forms.ChoiceField(label="About which baby?", widget=forms.RadioSelect, required=False)
    way = forms.ChoiceField(label="How?", choices=Asking.Way.choices, widget=forms.RadioSelect)
    occasion = forms.ChoiceField(label="Where in the work is this?", choices=Occasion.choices, widget=forms.RadioSelect)
    session = forms.ChoiceField(label="In which session?", required=False)
    nouns = {
        "what": "what you would like to ask",
        "person": "who will answer",
        "about_infant": "which baby it is about",
        "way": "how it is answered",
        "occasion": "where in the work this is",
    }

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = [each for each in versions_offered() if each.has_questions and each.definition.respondent == CAREGIVER]
        self.versions = {each.measure.key: each for each in asked} if not case.is_closed else {}
        self.people = grown_ups(case)
        infants = case.people.filter(kind=Person.Kind.INFANT).order_by("created_at")
        self.infants = {str(person.pk): person for person in infants}
        what = [] if case.is_closed else [(Asking.What.GOALS.value, Asking.What.GOALS.label)]
        what += [(key, each.short_name) for key, each in self.versions.items()]
        what.append((Asking.What.EXPERIENCE.value, Asking.What.EXPERIENCE.label))
        self.looks = {"what": {"hints": self._hints()}}
        self._offer("what", what)
        self._offer("person", [(key, person.display_name) for key, person in self.people.items()])
        self._offer("about_infant", [(key, person.display_name) for key, person in self.infants.items()])
        self._offer("session", meeting_choices(meetings_of(case)))
        about_babies = [key for key, each in self.versions.items() if each.definition.about != ABOUT_CAREGIVER]
        if len(self.infants) < 2 or not about_babies:
            del self.fields["about_infant"]
        else:
            self.reveals = {"what": {key: ["about_infant"] for key in about_babies}}
        self._ask_why_outside(about_babies)

    def _ask_why_outside(self, about_babies: list[str]) -> None:
        """Asked below each measure that a baby of the case is too young or too old for."""
        today, said, outside = timezone.localdate(), dict[str, None](), []
        for key in about_babies:
            here = [why for infant in self.infants.values() if (why := why_outside(self.versions[key], infant, today))]
            said |= dict.fromkeys(here)
            outside += [key] if here else []
        if outside:
            self.fields["outside_ages_why"] = why_field(" ".join(said))
            make_nhs(self.fields["outside_ages_why"], "outside_ages_why")
            branches = dict(self.reveals.get("what", {}))
            self.reveals = {"what": branches | {key: [*branches.get(key, ()), "outside_ages_why"] for key in outside}}

    def _hints(self) -> dict[str, str]:
        said = {key: each.definition.name for key, each in self.versions.items()}
        return {**said, Asking.What.EXPERIENCE.value: "About us, at the ending. They may keep their name off it."}

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields[name].initial = choices[0][0]

    @property
    def facts(self) -> dict[str, Any]:
        """What the action takes."""
        data = self.cleaned_data
        version = self.versions.get(data["what"])
        infant = self.infants.get(data.get("about_infant", "")) or (
            next(iter(self.infants.values())) if len(self.infants) == 1 else None
        )
        about_baby = version is not None and version.definition.about != ABOUT_CAREGIVER
        return {
            "what": Asking.What.MEASURE if version else data["what"],
            "version": version,
            "way": data["way"],
            "person": self.people[data["person"]],
            "about_infant": infant if about_baby else None,
            "occasion": data["occasion"],
            "occasion_id": data["session"] or None,
            "outside_ages_why": data.get("outside_ages_why", ""),
        }
