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
from families.actions.people import CaregiverFacts, add_person, edit_person, record_birth
from families.actions.restriction import lift_restriction, restrict_family
from families.actions.risk import (
    add_concern,
    add_entry,
    raise_flag,
    resolve_flag,
    review_risk,
    settle_concern,
    share_information,
)
from families.actions.task import add_task, change_task, finish_task, reopen_task

__all__ = [
    "CaregiverFacts",
    "InfantFacts",
    "add_concern",
    "add_entry",
    "add_person",
    "add_task",
    "break_glass",
    "break_glass_by_reference",
    "break_glass_of",
    "change_lead",
    "change_stage",
    "change_task",
    "close_case",
    "close_glass",
    "confirm_glass_seen",
    "edit_person",
    "finish_task",
    "lift_restriction",
    "may_allocate",
    "move_to_team",
    "open_case",
    "raise_flag",
    "record_ability",
    "record_birth",
    "record_consent",
    "refuse_glass",
    "reopen_case",
    "reopen_task",
    "resolve_flag",
    "restrict_family",
    "review_risk",
    "set_co_workers",
    "settle_concern",
    "share_information",
    "withdraw_consent",
]
