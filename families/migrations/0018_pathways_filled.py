"""The lists that a service begins with, and every case in its place in them."""

from django.db import migrations
from django.utils import timezone


def fill(apps, schema_editor):
    from families.pathways import make_shipped

    pathway, stage, reason, case, historical, change, closure, limits = (
        apps.get_model("families", name)
        for name in (
            "Pathway",
            "PathwayStage",
            "ClosureReason",
            "Case",
            "HistoricalCase",
            "StageChange",
            "Closure",
            "CaseLimits",
        )
    )
    row, _ = limits.objects.get_or_create(pk=1)
    apps.get_model("families", "HistoricalCaseLimits").objects.create(
        id=row.pk,
        ages_out_months=row.ages_out_months,
        warn_weeks=row.warn_weeks,
        history_date=timezone.now(),
        history_type="+",
    )
    if not pathway.objects.exists():
        make_shipped(pathway, stage, reason)
        # their history begins here, so that the first change of each says from what to what
        for model, name in ((pathway, "Pathway"), (stage, "PathwayStage"), (reason, "ClosureReason")):
            history = apps.get_model("families", f"Historical{name}")
            for row in model.objects.all():
                values = {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}
                history.objects.create(**values, history_date=timezone.now(), history_type="+")
    first = pathway.objects.order_by("position").first()
    for place in stage.objects.filter(pathway=first):
        for rows in (case.objects, historical.objects):
            rows.filter(stage=place.meaning, place__isnull=True).update(place=place, pathway=first)
        change.objects.filter(stage=place.meaning, label="").update(label=place.label)
    for closed in case.objects.filter(closed_on__isnull=False).iterator():
        last = closed.stage_changes.filter(stage="closed").order_by("-at").first()
        closure.objects.create(
            case=closed,
            closed_on=closed.closed_on,
            summary=(last.reason if last else "") or "Closed before reasons were kept apart.",
            **({"at": last.at, "by": last.by} if last else {}),
        )


class Migration(migrations.Migration):
    dependencies = [("families", "0017_pathways")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
