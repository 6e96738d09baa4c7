"""The record: people, households, cases, consent, risk."""

from families.models.about import About
from families.models.access import BreakGlass
from families.models.answers import Answer
from families.models.capacity import Capacity, Unavailability
from families.models.case import Case, CaseQuerySet, Closure, StageChange
from families.models.consent import Ability, Consent, ConsentLength, ConsentPaper, ConsentWording, Signature
from families.models.contact import Consultation, Contact
from families.models.document import Document
from families.models.duty import Alert, AlertNotice, DutyRules, DutyShift
from families.models.finding import Merge, MergeQuerySet, NamePart, SearchKey, TwoPeople
from families.models.identity import Adoption, AdoptionQuerySet, Identity
from families.models.lease import FrameLease, Lease
from families.models.legal import LegalStatus, LegalStatusQuerySet
from families.models.loss import Loss, LossQuerySet
from families.models.need import Need, NeedQuerySet
from families.models.note import Note, NoteAddendum, NoteAside, NoteSection, NoteTemplate, NoteTemplateSection
from families.models.pack import AccessPack
from families.models.pathway import CaseLimits, ClosureReason, Meaning, Pathway, PathwayStage
from families.models.person import Family, FamilyQuerySet, Membership, Person, PersonQuerySet
from families.models.placement import PlacementChange, PlacementChangeQuerySet
from families.models.professional import Professional, ProfessionalQuerySet
from families.models.protection import Protection
from families.models.reaching import Address, AddressQuerySet
from families.models.restriction import Restriction
from families.models.retention import CopyOffer, Due, DueQuerySet, Erasure, LegalHold, RetentionRule, What
from families.models.risk import ConcernEntry, InformationShared, RiskConcern, RiskFlag, RiskReview
from families.models.struck import Audience
from families.models.task import CaseTask

__all__ = [
    "Ability",
    "About",
    "AccessPack",
    "Address",
    "AddressQuerySet",
    "Adoption",
    "AdoptionQuerySet",
    "Alert",
    "AlertNotice",
    "Answer",
    "Audience",
    "BreakGlass",
    "Capacity",
    "Case",
    "CaseLimits",
    "CaseQuerySet",
    "CaseTask",
    "Closure",
    "ClosureReason",
    "ConcernEntry",
    "Consent",
    "ConsentLength",
    "ConsentPaper",
    "ConsentWording",
    "Consultation",
    "Contact",
    "CopyOffer",
    "Document",
    "Due",
    "DueQuerySet",
    "DutyRules",
    "DutyShift",
    "Erasure",
    "Family",
    "FamilyQuerySet",
    "FrameLease",
    "Identity",
    "InformationShared",
    "Lease",
    "LegalHold",
    "LegalStatus",
    "LegalStatusQuerySet",
    "Loss",
    "LossQuerySet",
    "Meaning",
    "Membership",
    "Merge",
    "MergeQuerySet",
    "NamePart",
    "Need",
    "NeedQuerySet",
    "Note",
    "NoteAddendum",
    "NoteAside",
    "NoteSection",
    "NoteTemplate",
    "NoteTemplateSection",
    "Pathway",
    "PathwayStage",
    "Person",
    "PersonQuerySet",
    "PlacementChange",
    "PlacementChangeQuerySet",
    "Professional",
    "ProfessionalQuerySet",
    "Protection",
    "Restriction",
    "RetentionRule",
    "RiskConcern",
    "RiskFlag",
    "RiskReview",
    "SearchKey",
    "Signature",
    "StageChange",
    "TwoPeople",
    "Unavailability",
    "What",
]
