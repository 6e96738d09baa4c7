"""The record: people, households, cases, consent, risk."""

from families.models.access import BreakGlass
from families.models.case import Case, CaseQuerySet, StageChange
from families.models.consent import Consent, ConsentWording
from families.models.person import Family, FamilyQuerySet, Membership, Person, PersonQuerySet
from families.models.restriction import Restriction
from families.models.risk import RiskConcern

__all__ = [
    "BreakGlass",
    "Case",
    "CaseQuerySet",
    "Consent",
    "ConsentWording",
    "Family",
    "FamilyQuerySet",
    "Membership",
    "Person",
    "PersonQuerySet",
    "Restriction",
    "RiskConcern",
    "StageChange",
]
