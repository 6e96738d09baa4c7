"""What is done with a referral: writing it, coming back to it, sending and following it; looking at it, deciding."""

from referrals.actions.accepting import Joined, accept, may_undo, undo
from referrals.actions.advice import ask_for_a_call
from referrals.actions.checking import ask_for_code, check_code
from referrals.actions.deciding import UNDO_FOR, decide
from referrals.actions.drafts import add_file, begin, drop_file, fingerprint, forget_old, go_on, keep, remove
from referrals.actions.following import referral_of, renew_link, say, withdraw
from referrals.actions.keeping import forget_not_taken_on
from referrals.actions.looking import allocate, ask, ask_the_lead, note, read, set_priority, take_on
from referrals.actions.meeting import begin_meeting, end_meeting, leave_for_next_time
from referrals.actions.returning import come_back, give_link, send_link
from referrals.actions.sending import send
from referrals.actions.views import keep_view, remove_view

__all__ = [
    "UNDO_FOR",
    "Joined",
    "accept",
    "add_file",
    "allocate",
    "ask",
    "ask_for_a_call",
    "ask_for_code",
    "ask_the_lead",
    "begin",
    "begin_meeting",
    "check_code",
    "come_back",
    "decide",
    "drop_file",
    "end_meeting",
    "fingerprint",
    "forget_not_taken_on",
    "forget_old",
    "give_link",
    "go_on",
    "keep",
    "keep_view",
    "leave_for_next_time",
    "may_undo",
    "note",
    "read",
    "referral_of",
    "remove",
    "remove_view",
    "renew_link",
    "say",
    "send",
    "send_link",
    "set_priority",
    "take_on",
    "undo",
    "withdraw",
]
