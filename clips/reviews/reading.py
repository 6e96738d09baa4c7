"""What the room is told: moments by their place, first names, words. No id of any record, no note, no tag."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.crypto import salted_hmac

from accounts.models import User
from clips import frames
from clips.models import ReviewMoment, RoomLease, SharedReview, Still, Words
from clips.reviews import leases
from families.models import Person
from families.protection import Hidden, hidden_from

PRACTITIONER = "p"


@dataclass(frozen=True)
class Speaker:
    """Somebody in the room whose words are written down, and how the room calls them ("0", "1" …, "p")."""

    key: str
    name: str
    person: Person | None = None
    staff: User | None = None


def speakers(lease: RoomLease) -> list[Speaker]:
    """Those present who speak, caregivers first, the practitioner last."""
    present = lease.review.present.exclude(kind=Person.Kind.INFANT)
    people = sorted(present, key=lambda each: (each.kind != Person.Kind.CAREGIVER, each.created_at))
    family = [Speaker(str(number), person.short_name, person=person) for number, person in enumerate(people)]
    return [*family, Speaker(PRACTITIONER, lease.user.get_short_name(), staff=lease.user)]


def speaker_of(lease: RoomLease, key: object) -> Speaker | None:
    """The speaker that the room calls ``key``."""
    return next((each for each in speakers(lease) if each.key == key), None)


def ref(moment: ReviewMoment) -> str:
    """A moment's own mark, so that a room that goes on knows what it holds already; it tells nothing else."""
    seed = f"{moment.review_id}:{moment.pk}:{moment.clip.edges_version}"
    return salted_hmac("clips.room", seed).hexdigest()[:16]


def frame_times(moment: ReviewMoment) -> list[int]:
    """When each frame of the moment's own file is presented: microseconds, the first at 0."""
    clip = moment.clip
    if clip.first_frame is None or clip.last_frame is None:
        return []
    times = frames.load(clip.recording_id).original[clip.first_frame : clip.last_frame + 1]
    return [each - times[0] for each in times]


def frame_in_moment(moment: ReviewMoment | None, frame_us: int | None) -> int | None:
    """Which frame of the moment a presented time of its film is."""
    if moment is None or frame_us is None:
        return None
    times, since = frame_times(moment), frame_us - moment.clip.first_us
    return min(range(len(times)), key=lambda index: abs(times[index] - since)) if times else None


def film_time(moment: ReviewMoment, frame: int) -> int | None:
    """The presented time in the film of a frame of the moment; None for a frame it has not."""
    times = frame_times(moment)
    return moment.clip.first_us + times[frame] if 0 <= frame < len(times) else None


def stills_of(lease: RoomLease) -> list[tuple[int, int]]:
    """The stills of the moments in this room: place, frame of the moment; in the film's order within a moment."""
    moments = ReviewMoment.objects.filter(pk__in=lease.order).values_list("pk", "clip")
    places = {clip: lease.order.index(pk) + 1 for pk, clip in moments}
    rows = Still.objects.filter(clip__in=places).select_related("clip").order_by("frame")
    return [
        (places[still.clip.pk], still.frame - still.clip.first_frame)
        for still in rows
        if still.clip is not None
        and still.clip.first_frame is not None
        and still.clip.last_frame is not None
        and still.clip.first_frame <= still.frame <= still.clip.last_frame
    ]


def hidden_in(review: SharedReview) -> Hidden:
    """What the room, and the page that opens it, must not tell: everybody there reads the same screen."""
    return hidden_from(None, review.cycle.case.family)


def question(review: SharedReview, hidden: Hidden) -> str:
    """The helping question, as a family sees it."""
    return hidden.veil(review.cycle.wording.text)


def words_of(lease: RoomLease, said_by: list[Speaker], hidden: Hidden) -> list[dict[str, Any]]:
    """What those who are here have said in this review, oldest first."""
    keys: dict[tuple[str, object], str] = {}
    for each in said_by:
        keys["person" if each.person else "staff", (each.person or each.staff).pk] = each.key  # type: ignore[union-attr]
    places = {pk: number for number, pk in enumerate(lease.order, 1)}
    found = []
    for words in Words.objects.filter(review=lease.review).select_related("moment__clip"):
        who = keys.get(("person", words.speaker_id) if words.speaker_id else ("staff", words.staff_speaker_id))
        if who is None or (words.moment_id is not None and words.moment_id not in places):
            continue
        found.append(
            one_words(words, hidden)
            | {
                "who": who,
                "n": places.get(words.moment_id) if words.moment_id else None,
                "frame": frame_in_moment(words.moment, words.frame_us),
            }
        )
    return found


def one_words(words: Words, hidden: Hidden) -> dict[str, Any]:
    """The words alone: id is the browser's own where a browser wrote them."""
    return {"id": str(words.written_with or words.pk), "text": hidden.veil(words.text), "version": words.version}


def words_by_id(review: SharedReview, key: uuid.UUID) -> Words | None:
    """Words of a review, by the id the room knows them under."""
    return Words.objects.filter(Q(pk=key) | Q(written_with=key), review=review).first()


def ideas(review: SharedReview, hidden: Hidden) -> dict[str, Any]:
    """The new ideas and the next step, with the version that a change has to name."""
    return {
        "new_ideas": hidden.veil(review.new_ideas),
        "next_step": hidden.veil(review.next_step),
        "version": review.version,
    }


def now(lease: RoomLease) -> dict[str, Any]:
    """All that an open room needs to begin, or to go on."""
    places = leases.showing(lease)
    rows = {
        moment.pk: moment
        for moment in ReviewMoment.objects.filter(pk__in=lease.order).select_related("clip__recording")
    }
    moments = []
    for number in places:
        moment = rows[lease.order[number - 1]]
        moments.append(
            {
                "n": number,
                "ref": ref(moment),
                "times": frame_times(moment),
                "sound": moment.clip.recording.has_sound,
                "seen": moment.shown_at is not None,
                "skipped": moment.skipped,
            }
        )
    said_by, hidden = speakers(lease), hidden_in(lease.review)
    return {
        "question": question(lease.review, hidden),
        "moments": moments,
        "speakers": [{"key": each.key, "name": each.name} for each in said_by],
        "words": words_of(lease, said_by, hidden),
        "stills": [{"n": number, "frame": frame} for number, frame in stills_of(lease) if number in places],
        "ideas": ideas(lease.review, hidden),
        "state": lease.review.state,
    }
