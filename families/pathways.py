"""The lists that a new service begins with, and finding one's way in them."""

from __future__ import annotations

from families.models.pathway import ClosureReason, Meaning, Pathway, PathwayStage

# What is shipped, for a service to change: (pathway, description, its stages as (meaning, label, amber, red days)).
# The thresholds are a beginning, not a standard: no source names one for this work.
BEFORE = ((Meaning.ACCEPTED, "Accepted", 7, 14), (Meaning.ALLOCATED, "Allocated", 14, 28))
AFTER = ((Meaning.ENDING, "Ending", 28, 56), (Meaning.CLOSED, "Closed", None, None))
PATHWAYS = (
    (
        "Video Interaction Guidance",
        "Cycles of filming and shared review",
        (*BEFORE, (Meaning.ENGAGING, "Engaging", 42, 84), (Meaning.VIG, "VIG", 112, 182), *AFTER),
    ),
    (
        "Other parent–infant assessment or support",
        "Work with the relationship in another way; no VIG cycle is expected",
        (
            *BEFORE,
            (Meaning.ENGAGING, "Engaging", 42, 84),
            (Meaning.WORKING, "Assessment or support", 112, 182),
            *AFTER,
        ),
    ),
    (
        "Not yet known",
        "Getting to know each other; what helps will show",
        (*BEFORE, (Meaning.ENGAGING, "Engaging", 42, 84), *AFTER),
    ),
)
REASONS = (
    "The work is done",
    "The family chose to end",
    "We lost touch",
    "The family moved away",
    "Another service helps the family now",
    "The child has grown past our age limit",
    "Another reason",
)

# The reason for closing after a baby has died: found by its key, worded by the service. A migration of its own adds it.
AFTER_LOSS, AFTER_LOSS_LABEL = "loss", "After the loss of a baby"


def make_shipped(pathway: type, stage: type, reason: type) -> None:
    """Write the lists into an empty database; also called by a migration, with the models as they were then."""
    for position, (label, description, stages) in enumerate(PATHWAYS, start=1):
        row = pathway.objects.create(label=label, description=description, position=position)  # type: ignore[attr-defined]
        for place, (meaning, name, amber, red) in enumerate(stages, start=1):
            stage.objects.create(  # type: ignore[attr-defined]
                pathway=row, meaning=meaning, label=name, position=place, amber_days=amber, red_days=red
            )
    for position, label in enumerate(REASONS, start=1):
        reason.objects.create(label=label, position=position)  # type: ignore[attr-defined]


def first_pathway() -> Pathway:
    """The pathway that a case is on when nobody has said: the first of the list."""
    rows = Pathway.objects.order_by("-active", "position")
    found = rows.first()
    if found is not None:
        return found
    # a database that was emptied: the lists are the service's, but the code needs one to begin with
    make_shipped(Pathway, PathwayStage, ClosureReason)
    return rows[0]


def reason_after_loss() -> ClosureReason:
    """The service's own words for closing after a baby has died: never "completed" and never "discharged"."""
    last = ClosureReason.objects.order_by("-position").values_list("position", flat=True).first() or 0
    found, _ = ClosureReason.objects.get_or_create(
        key=AFTER_LOSS, defaults={"label": AFTER_LOSS_LABEL, "position": last + 1}
    )
    return found


def stage_meaning(meaning: str, pathway: Pathway | int) -> PathwayStage | None:
    """The stage of a pathway that has this meaning: the first active one, else the first; None when it has none."""
    return PathwayStage.objects.filter(pathway=pathway, meaning=meaning).order_by("-active", "position").first()
