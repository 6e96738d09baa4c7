"""What the duty pages and my day show."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User
from families.models import Case
from families.models.duty import Alert
from outbox.queries import why_nothing_leaves

# What an alert is about, in a word; another kind is called by its own name.
KINDS = {
    "critical-answer": "Critical answer",
    "referral": "Same-day referral",
    "referral-known": "Referral to a restricted record",
    "safe-return": "Not yet back",
}


@dataclass(frozen=True)
class AlertView:
    """One alert as somebody sees it on the desk."""

    alert: Alert
    may_open: bool  # the record that it is about

    @property
    def label(self) -> str:
        return KINDS.get(self.alert.kind, self.alert.kind.replace("-", " ").capitalize())

    @property
    def url(self) -> str:
        """Where it is dealt with, for those who may go there."""
        return self.alert.url if self.may_open else ""


def open_alerts_told(user: User) -> list[AlertView]:
    """Alerts that wait and of which this person has been told, the oldest first; two queries."""
    return _views(user, Alert.objects.visible_to(user).open().filter(notices__user=user).order_by("raised_at"))


def open_alerts_visible(user: User) -> list[AlertView]:
    """Every alert that waits and that this person may know of."""
    return _views(user, Alert.objects.visible_to(user).open().order_by("raised_at"))


def _views(user: User, rows) -> list[AlertView]:  # type: ignore[no-untyped-def]  # a queryset of alerts
    found = list(rows.select_related("case__family", "team", "raised_by"))
    cases = {each.case_id for each in found if each.case_id}
    mine = set(Case.objects.visible_to(user).filter(pk__in=cases).values_list("pk", flat=True)) if cases else set()
    return [AlertView(each, each.case_id is None or each.case_id in mine) for each in found]


def as_seen(user: User, alert: Alert) -> AlertView:
    """One alert that somebody may see."""
    return _views(user, Alert.objects.filter(pk=alert.pk))[0]


def why_nobody_hears() -> str:
    """ "" when messages really leave; else the sentence for every page that counts on them."""
    why = why_nothing_leaves("email", "sms")
    return (
        f"Nobody is told of an alert outside this service: {why[0].lower()}{why[1:]} Whoever is on duty must keep "
        "this service open and look."
        if why
        else ""
    )
