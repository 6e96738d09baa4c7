"""The record: people, households, cases, consent, risk."""

from families.models.about import About
from families.models.access import BreakGlass
from families.models.answers import Answer
from families.models.case import Case, CaseQuerySet, StageChange
from families.models.consent import Consent, ConsentWording
from families.models.lease import FrameLease, Lease
from families.models.legal import LegalStatus, LegalStatusQuerySet
from families.models.loss import Loss, LossQuerySet
from families.models.need import Need, NeedQuerySet
from families.models.person import Family, FamilyQuerySet, Membership, Person, PersonQuerySet
from families.models.professional import Professional, ProfessionalQuerySet
from families.models.reaching import Address, AddressQuerySet
from families.models.risk import RiskConcern

__all__ = [
    "About",
    "Address",
    "AddressQuerySet",
    "Answer",
    "BreakGlass",
    "Case",
    "CaseQuerySet",
    "Consent",
    "ConsentWording",
    "Family",
    "FamilyQuerySet",
    "FrameLease",
    "Lease",
    "LegalStatus",
    "LegalStatusQuerySet",
    "Loss",
    "LossQuerySet",
    "Membership",
    "Need",
    "NeedQuerySet",
    "Person",
    "PersonQuerySet",
    "Professional",
    "ProfessionalQuerySet",
    "RiskConcern",
    "StageChange",
]
