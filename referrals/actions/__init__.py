"""What is done with a referral before it is decided: writing it, coming back to it, sending it, following it."""

from referrals.actions.advice import ask_for_a_call
from referrals.actions.checking import ask_for_code, check_code
from referrals.actions.drafts import add_file, begin, drop_file, fingerprint, forget_old, go_on, keep, remove
from referrals.actions.following import referral_of, renew_link, say, withdraw
from referrals.actions.returning import come_back, give_link, send_link
from referrals.actions.sending import send

__all__ = [
    "add_file",
    "ask_for_a_call",
    "ask_for_code",
    "begin",
    "check_code",
    "come_back",
    "drop_file",
    "fingerprint",
    "forget_old",
    "give_link",
    "go_on",
    "keep",
    "referral_of",
    "remove",
    "renew_link",
    "say",
    "send",
    "send_link",
    "withdraw",
]
