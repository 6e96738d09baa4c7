"""Marking: the moments that a practitioner finds in a film, what is said of them, and what becomes of them."""

from clips.marks.actions import Stale, change_mark, choose_moment, create_mark, delete_mark, restore_mark
from clips.marks.edges import Edges, frame_times, read_edges, snap
from clips.marks.stills import take_still

__all__ = [
    "Edges",
    "Stale",
    "change_mark",
    "choose_moment",
    "create_mark",
    "delete_mark",
    "frame_times",
    "read_edges",
    "restore_mark",
    "snap",
    "take_still",
]
