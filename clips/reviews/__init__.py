"""The shared review: choosing moments, opening the room, what is said in it, its end."""

from clips.reviews.choosing import move_moment, order_moments, set_why
from clips.reviews.opening import (
    Chosen,
    chosen_moments,
    close_room,
    end_sitting,
    go_on,
    hold_without_room,
    may_show,
    open_room,
)
from clips.reviews.saying import Changed, keep_ideas, keep_words, remove_words

__all__ = [
    "Changed",
    "Chosen",
    "chosen_moments",
    "close_room",
    "end_sitting",
    "go_on",
    "hold_without_room",
    "keep_ideas",
    "keep_words",
    "may_show",
    "move_moment",
    "open_room",
    "order_moments",
    "remove_words",
    "set_why",
]
