"""The verbs of the record."""

from families.actions.ability import record_ability
from families.actions.addresses import add_address, change_address
from families.actions.adoption import NewRecord, begin_after_adoption, change_who_knows, strike_out_adoption
from families.actions.birth import Birth, record_birth, record_births
from families.actions.case import (
    InfantFacts,
    change_lead,
    change_pathway,
    change_stage,
    close_case,
    may_allocate,
    move_to_team,
    open_case,
    open_next_case,
    reopen_case,
    set_co_workers,
)
from families.actions.consent import record_consent, withdraw_consent
from families.actions.contacts import correct_contact, log_consultation, log_contact
from families.actions.describing import change_background, change_contact, change_place
from families.actions.documents import add_documents, change_document, look_at_document
from families.actions.glass import (
    break_glass,
    break_glass_by_reference,
    break_glass_of,
    close_glass,
    confirm_glass_seen,
    refuse_glass,
)
from families.actions.households import join_household
from families.actions.legal import add_legal_status, change_legal_status
from families.actions.loss import (
    LossFacts,
    close_after_loss,
    keep_in_mind,
    let_messages_go_on,
    record_answer,
    record_loss,
    strike_out_loss,
)
from families.actions.merge import finish_merges, merge_people, tell_apart, undo_merge
from families.actions.needs import add_need, asked_about_needs, change_need
from families.actions.notes import (
    PatternPart,
    Typed,
    add_to_note,
    begin_note,
    change_about,
    discard_empty_note,
    look_at_note,
    save_note,
    save_note_template,
    sign_note,
)
from families.actions.packs import ask_for_pack, decide_pack, end_pack, gather_again, note_download
from families.actions.people import CaregiverFacts, KnownPerson, add_person, edit_person
from families.actions.placement import Change, NewCarer, change_placement, strike_out_placement
from families.actions.professionals import add_professional, change_professional
from families.actions.protection import PROTECTABLE, end_protection, look_at_whereabouts, protect
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
from families.actions.struck import strike_out
from families.actions.task import add_task, change_task, finish_task, reopen_task
from families.actions.waiting import allocate_waiting, keep_unavailability, remove_unavailability, set_capacities

__all__ = [
    "PROTECTABLE",
    "Birth",
    "CaregiverFacts",
    "Change",
    "InfantFacts",
    "KnownPerson",
    "LossFacts",
    "NewCarer",
    "NewRecord",
    "PatternPart",
    "Typed",
    "add_address",
    "add_concern",
    "add_documents",
    "add_entry",
    "add_legal_status",
    "add_need",
    "add_person",
    "add_professional",
    "add_task",
    "add_to_note",
    "allocate_waiting",
    "ask_for_pack",
    "asked_about_needs",
    "begin_after_adoption",
    "begin_note",
    "break_glass",
    "break_glass_by_reference",
    "break_glass_of",
    "change_about",
    "change_address",
    "change_background",
    "change_contact",
    "change_document",
    "change_lead",
    "change_legal_status",
    "change_need",
    "change_pathway",
    "change_place",
    "change_placement",
    "change_professional",
    "change_stage",
    "change_task",
    "change_who_knows",
    "close_after_loss",
    "close_case",
    "close_glass",
    "confirm_glass_seen",
    "correct_contact",
    "decide_pack",
    "discard_empty_note",
    "edit_person",
    "end_pack",
    "end_protection",
    "finish_merges",
    "finish_task",
    "gather_again",
    "join_household",
    "keep_in_mind",
    "keep_unavailability",
    "let_messages_go_on",
    "lift_restriction",
    "log_consultation",
    "log_contact",
    "look_at_document",
    "look_at_note",
    "look_at_whereabouts",
    "may_allocate",
    "merge_people",
    "move_to_team",
    "note_download",
    "open_case",
    "open_next_case",
    "protect",
    "raise_flag",
    "record_ability",
    "record_answer",
    "record_birth",
    "record_births",
    "record_consent",
    "record_loss",
    "refuse_glass",
    "remove_unavailability",
    "reopen_case",
    "reopen_task",
    "resolve_flag",
    "restrict_family",
    "review_risk",
    "save_note",
    "save_note_template",
    "set_capacities",
    "set_co_workers",
    "settle_concern",
    "share_information",
    "sign_note",
    "strike_out",
    "strike_out_adoption",
    "strike_out_loss",
    "strike_out_placement",
    "tell_apart",
    "undo_merge",
    "withdraw_consent",
]
