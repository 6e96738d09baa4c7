"""The verbs of the record."""

from families.actions.ability import record_ability
from families.actions.case import (
    InfantFacts,
    change_lead,
    change_stage,
    close_case,
    may_allocate,
    move_to_team,
    open_case,
    reopen_case,
    set_co_workers,
)
from families.actions.consent import record_consent, withdraw_consent
from families.actions.glass import (
    break_glass,
    break_glass_by_reference,
    break_glass_of,
    close_glass,
    confirm_glass_seen,
    refuse_glass,
)
from families.actions.packs import ask_for_pack, decide_pack, end_pack, gather_again, note_download
from families.actions.people import CaregiverFacts, add_person, edit_person, record_birth
from families.actions.restriction import lift_restriction, restrict_family
from families.actions.risk import add_concern, settle_concern

__all__ = [
    "CaregiverFacts",
    "InfantFacts",
    "add_concern",
    "add_person",
    "ask_for_pack",
    "break_glass",
    "break_glass_by_reference",
    "break_glass_of",
    "change_lead",
    "change_stage",
    "close_case",
    "close_glass",
    "confirm_glass_seen",
    "decide_pack",
    "edit_person",
    "end_pack",
    "gather_again",
    "lift_restriction",
    "may_allocate",
    "move_to_team",
    "note_download",
    "open_case",
    "record_ability",
    "record_birth",
    "record_consent",
    "refuse_glass",
    "reopen_case",
    "restrict_family",
    "set_co_workers",
    "settle_concern",
    "withdraw_consent",
]
