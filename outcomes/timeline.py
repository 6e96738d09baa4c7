"""What helping questions add to a case's timeline."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from accounts.models import User
from families.models import Case
from families.registry import TimelineEntry
from outcomes.models import HelpingQuestionRating, HelpingQuestionWording


def questions(case: Case, user: User) -> Iterator[TimelineEntry]:
    """Each wording, and each rating the family gave."""
    url = reverse("outcomes:questions", kwargs={"case": case.pk})
    wordings = HelpingQuestionWording.objects.filter(question__case=case).select_related("recorded_by")
    for wording in wordings:
        yield TimelineEntry(
            at=wording.recorded_at,
            kind="question",
            kind_label="Helping questions",
            title="Helping question" if wording.version == 1 else "Helping question in new words",
            detail=f"“{wording.text}”",
            url=url,
            by=wording.recorded_by.name,
        )
    ratings = HelpingQuestionRating.objects.filter(wording__question__case=case).select_related("rated_by", "wording")
    for rating in ratings:
        yield TimelineEntry(
            at=rating.at,
            kind="question",
            kind_label="Helping questions",
            title=f"{rating.rated_by.short_name} rated the helping question {rating.value} of 10",
            detail=f"“{rating.wording.text}”",
            url=url,
        )
