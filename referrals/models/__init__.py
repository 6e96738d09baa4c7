"""Referrals: what is being written, what was sent, what is said about it, and the service's own words."""

from referrals.models.advice import AdviceCall
from referrals.models.conversation import Attachment, Decision, Event, Exchange, ReferrerLink
from referrals.models.draft import Door, Draft
from referrals.models.meeting import Meeting, MeetingItem, QueueView
from referrals.models.referral import Reference, Referral, ReferredPerson, Source
from referrals.models.service import DeclineReason, GuideText, IntakeRules, Reason, ServiceArea, Signpost

__all__ = [
    "AdviceCall",
    "Attachment",
    "Decision",
    "DeclineReason",
    "Door",
    "Draft",
    "Event",
    "Exchange",
    "GuideText",
    "IntakeRules",
    "Meeting",
    "MeetingItem",
    "QueueView",
    "Reason",
    "Reference",
    "Referral",
    "ReferredPerson",
    "ReferrerLink",
    "ServiceArea",
    "Signpost",
    "Source",
]
