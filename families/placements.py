"""What a legal status means for who decides (England and Wales; Children Act 1989, Adoption and Children Act 2002).

A help for whoever asks for consent, not advice: the order itself, and the placement plan, say what holds.
"""

from __future__ import annotations

from families.models import LegalStatus, Person

Kind = LegalStatus.Kind

NO_CHANGE = "It changes nobody’s parental responsibility."
MEANS: dict[str, str] = {
    Kind.VOLUNTARY: "Parents keep parental responsibility. The local authority has none.",
    Kind.POLICE: "Nobody gains parental responsibility by it.",
    Kind.EMERGENCY: "The applicant, most often the local authority, shares parental responsibility while it lasts.",
    Kind.INTERIM_CARE: "The local authority shares parental responsibility, and can limit how parents use theirs.",
    Kind.FULL_CARE: "The local authority shares parental responsibility, and can limit how parents use theirs.",
    Kind.AT_HOME: "The local authority shares parental responsibility, and can limit how parents use theirs.",
    Kind.SUPERVISION: NO_CHANGE,
    Kind.ARRANGEMENTS: "Whoever the child lives with under it has parental responsibility while it lasts.",
    Kind.GUARDIANSHIP: "The special guardian has parental responsibility, and need not ask the parents.",
    Kind.PRIVATE_FOSTERING: "The carers have no parental responsibility. The local authority must be told of it.",
    Kind.KINSHIP: "The carers have no parental responsibility.",
    Kind.EARLY_PERMANENCE: "The carers have no parental responsibility yet. Record the order it rests on too.",
    Kind.PLACEMENT: "The agency shares parental responsibility, and decides how far parents and adopters use theirs.",
    Kind.ADOPTION_PLACED: "The adopters share parental responsibility as far as the agency allows.",
    Kind.ADOPTED: (
        "The adoptive parents alone have parental responsibility; a parent whose partner adopted keeps theirs."
    ),
    Kind.PROCEEDINGS: "Nothing has changed by it yet. An interim order is recorded on its own.",
    Kind.OTHER: "Write down who decides what.",
}
# Under these the local authority (or the adoption agency) may speak for the child.
SHARED_WITH_AUTHORITY = frozenset(
    {Kind.EMERGENCY, Kind.INTERIM_CARE, Kind.FULL_CARE, Kind.AT_HOME, Kind.PLACEMENT, Kind.ADOPTION_PLACED}
)


def current(child: Person) -> list[LegalStatus]:
    """The legal statuses that stand for a child today, the newest first. Reads ``child.legal_statuses``."""
    return [status for status in child.legal_statuses.all() if status.is_current]


def shared_with_authority(child: Person) -> bool:
    """Whether, as the record has it, an authority shares parental responsibility for this child today."""
    kinds = {status.kind for status in current(child)}
    return Kind.ADOPTED not in kinds and not kinds.isdisjoint(SHARED_WITH_AUTHORITY)
