"""The record: people, households, cases, consent, risk."""

from families.models.access import BreakGlass
from families.models.case import Case, CaseQuerySet, StageChange
from families.models.consent import Ability, Consent, ConsentLength, ConsentWording, Signature
from families.models.lease import FrameLease, Lease
from families.models.person import Family, FamilyQuerySet, Membership, Person, PersonQuerySet
from families.models.risk import RiskConcern

__all__ = [
    "Ability",
    "BreakGlass",
    "Case",
    "CaseQuerySet",
    "Consent",
    "ConsentLength",
    "ConsentWording",
    "Family",
    "FamilyQuerySet",
    "FrameLease",
    "Lease",
    "Membership",
    "Person",
    "PersonQuerySet",
    "RiskConcern",
    "Signature",
    "StageChange",
]
