"""The verbs of the record."""

from families.actions.ability import record_ability
from families.actions.birth import Birth, record_birth, record_births
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
from families.actions.loss import (
    LossFacts,
    close_after_loss,
    keep_in_mind,
    let_messages_go_on,
    record_answer,
    record_loss,
    strike_out_loss,
)
from families.actions.people import CaregiverFacts, add_person, edit_person
from families.actions.risk import add_concern, settle_concern

__all__ = [
    "Birth",
    "CaregiverFacts",
    "InfantFacts",
    "LossFacts",
    "add_concern",
    "add_person",
    "break_glass",
    "break_glass_by_reference",
    "break_glass_of",
    "change_lead",
    "change_stage",
    "close_after_loss",
    "close_case",
    "close_glass",
    "confirm_glass_seen",
    "edit_person",
    "keep_in_mind",
    "let_messages_go_on",
    "may_allocate",
    "move_to_team",
    "open_case",
    "record_ability",
    "record_answer",
    "record_birth",
    "record_births",
    "record_consent",
    "record_loss",
    "refuse_glass",
    "reopen_case",
    "set_co_workers",
    "settle_concern",
    "strike_out_loss",
    "withdraw_consent",
]
