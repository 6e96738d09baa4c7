"""What people do with accounts and screens."""

from accounts.actions.account import set_pin
from accounts.actions.screen import Uncovering, begin, cover, sign_out_everywhere, uncover

__all__ = ["Uncovering", "begin", "cover", "set_pin", "sign_out_everywhere", "uncover"]
