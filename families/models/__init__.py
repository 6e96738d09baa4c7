"""The record: people, households, cases, consent, risk."""

from families.models.access import BreakGlass
from families.models.case import Case, CaseQuerySet, StageChange
from families.models.consent import Consent, ConsentWording
from families.models.lease import FrameLease, Lease
from families.models.contact import Consultation, Contact
from families.models.document import Document
from families.models.note import Note, NoteAddendum, NoteAside, NoteSection, NoteTemplate, NoteTemplateSection
from families.models.person import Family, FamilyQuerySet, Membership, Person, PersonQuerySet
from families.models.risk import RiskConcern
from families.models.struck import Audience

__all__ = [
    "Audience",
    "BreakGlass",
    "Case",
    "CaseQuerySet",
    "Consent",
    "ConsentWording",
    "Consultation",
    "Contact",
    "Document",
    "Family",
    "FamilyQuerySet",
    "FrameLease",
    "Lease",
    "Membership",
    "Note",
    "NoteAddendum",
    "NoteAside",
    "NoteSection",
    "NoteTemplate",
    "NoteTemplateSection",
    "Person",
    "PersonQuerySet",
    "RiskConcern",
    "StageChange",
]
