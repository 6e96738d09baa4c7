"""What leaves the service about a referral: a code, a link, a reference. Never a name, a date or a reason."""

from __future__ import annotations

from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from outbox.models import Message
from outbox.registry import Content, in_words, register_kind, register_rule, register_words
from referrals.actions.checking import CODE, RECEIVED, new_code
from referrals.actions.deciding import FAMILY, OUTCOME
from referrals.actions.following import LINK, new_link
from referrals.actions.looking import QUESTION
from referrals.actions.returning import RETURN, give_link
from referrals.models import Decision, Draft, Exchange, Referral


def _address(name: str, *args: object) -> str:
    return urljoin(settings.SERVICE_URL, reverse(name, args=args))


def code(message: Message) -> Content:
    """The code is made now, so that it stands nowhere before and an older one ends."""
    return in_words(CODE, code=new_code(draft=Draft.objects.get(pk=message.subject_id)))


def link_back(message: Message) -> Content:
    token = give_link(draft=Draft.objects.get(pk=message.subject_id))
    return in_words(RETURN, link=_address("referrals:return", token))


def received(message: Message) -> Content:
    referral = Referral.objects.select_related("reference").get(pk=message.subject_id)
    link = _address("referrals:follow-open", new_link(referral=referral))
    return in_words(RECEIVED, reference=referral.reference.text, link=link)


def link(message: Message) -> Content:
    """A link anew, to the address that was checked."""
    referral = Referral.objects.get(pk=message.subject_id)
    return in_words(LINK, link=_address("referrals:follow-open", new_link(referral=referral)))


def question(message: Message) -> Content:
    said = Exchange.objects.select_related("referral__reference").get(pk=message.subject_id)
    return _about(said.referral, QUESTION)


def outcome(message: Message) -> Content:
    decision = Decision.objects.select_related("referral__reference").get(pk=message.subject_id)
    return _about(decision.referral, OUTCOME)


def _about(referral: Referral, words: str) -> Content:
    link = _address("referrals:follow-open", new_link(referral=referral))
    return in_words(words, reference=referral.reference.text, link=link)


def to_family(message: Message) -> Content:
    """The words that were looked at before they went; the subject says no more than who writes."""
    words = Decision.objects.get(pk=message.subject_id).to_family
    return Content(subject=settings.SERVICE_NAME, body=f"{words}\n", sms=" ".join(words.split()))


def not_sent_any_more(message: Message) -> str:
    """What was checked needs no code, what was sent no link back; a referral that was withdrawn is not written of."""
    if message.kind in (CODE, RETURN):
        draft = Draft.objects.filter(pk=message.subject_id).first()
        if draft is None:
            return "What was being written is gone."
        if message.kind == CODE and draft.email_checked_at:
            return "The address has been checked already."
        return "It has been sent already." if message.kind == RETURN and draft.sent_as_id else ""
    if message.kind in (RECEIVED, LINK):
        referral = Referral.objects.filter(pk=message.subject_id).first()
        if referral is None:
            return "The referral is gone."
        if not referral.from_outside:
            return "The address was not checked."
        return "It was withdrawn." if referral.state == Referral.State.WITHDRAWN else ""
    if message.kind in (OUTCOME, FAMILY):
        decision = Decision.objects.filter(pk=message.subject_id).first()
        if decision is None:
            return "The referral is gone."
        return "It was taken back." if decision.undone_at else ""
    if message.kind == QUESTION:
        said = Exchange.objects.select_related("referral").filter(pk=message.subject_id).first()
        if said is None:
            return "The referral is gone."
        return "" if said.referral.is_open else "It has its outcome already."
    return ""


KINDS = (
    (CODE, code, "Code for an e-mail address", "code", {"code": "482 913"}),
    (RETURN, link_back, "Link to come back to a form", "return", {"link": "https://…/refer/return/…"}),
    (RECEIVED, received, "Referral received", "received", {"reference": "R-7K3-MTQ", "link": "https://…/referral/…"}),
    (LINK, link, "Link to follow a referral", "link", {"link": "https://…/referral/…"}),
    (
        QUESTION,
        question,
        "Referrer is asked something",
        "question",
        {"reference": "R-7K3-MTQ", "link": "https://…/referral/…"},
    ),
    (
        OUTCOME,
        outcome,
        "Referral has its outcome",
        "outcome",
        {"reference": "R-7K3-MTQ", "link": "https://…/referral/…"},
    ),
)


def register() -> None:
    for kind, render, label, folder, example in KINDS:
        register_kind(kind, render, label=label)
        register_words(kind, label=label, folder=f"referrals/outbox/{folder}", example=example)
    register_kind(FAMILY, to_family, label="Family hears what was decided")
    register_rule(not_sent_any_more)
