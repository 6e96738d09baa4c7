"""What people do with accounts and screens."""

from accounts.actions.account import set_pin
from accounts.actions.people import (
    add_person,
    add_team,
    change_person,
    close_account,
    rename_team,
    reopen_account,
    reset_second_step,
)
from accounts.actions.screen import Uncovering, begin, cover, sign_out_everywhere, uncover

__all__ = [
    "Uncovering",
    "add_person",
    "add_team",
    "begin",
    "change_person",
    "close_account",
    "cover",
    "rename_team",
    "reopen_account",
    "reset_second_step",
    "set_pin",
    "sign_out_everywhere",
    "uncover",
]
