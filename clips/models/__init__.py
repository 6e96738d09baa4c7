"""Recordings, clips, attuned moments, shared reviews, and the jobs that work on them."""

from clips.models.clip import Clip, ClipPrinciple, ClipQuerySet, Principle, Still
from clips.models.evidence import EvidenceHold, EvidenceHoldQuerySet
from clips.models.job import VideoJob
from clips.models.recording import Recording, RecordingQuerySet
from clips.models.review import ReviewMoment, RoomLease, SharedReview, SharedReviewQuerySet, Words
from clips.models.upload import Upload

__all__ = [
    "Clip",
    "ClipPrinciple",
    "ClipQuerySet",
    "EvidenceHold",
    "EvidenceHoldQuerySet",
    "Principle",
    "Recording",
    "RecordingQuerySet",
    "ReviewMoment",
    "RoomLease",
    "SharedReview",
    "SharedReviewQuerySet",
    "Still",
    "Upload",
    "VideoJob",
    "Words",
]
