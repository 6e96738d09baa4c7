"""The record: people, households, cases, consent, risk."""

from families.models.access import BreakGlass
from families.models.case import Case, CaseQuerySet, StageChange
from families.models.consent import Consent, ConsentWording
from families.models.lease import FrameLease, Lease
from families.models.loss import Loss, LossQuerySet
from families.models.person import Family, FamilyQuerySet, Membership, Person, PersonQuerySet
from families.models.risk import RiskConcern

__all__ = [
    "BreakGlass",
    "Case",
    "CaseQuerySet",
    "Consent",
    "ConsentWording",
    "Family",
    "FamilyQuerySet",
    "FrameLease",
    "Lease",
    "Loss",
    "LossQuerySet",
    "Membership",
    "Person",
    "PersonQuerySet",
    "RiskConcern",
    "StageChange",
]
