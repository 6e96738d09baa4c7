"""The schedule that a service begins with."""

from django.db import migrations
from django.utils import timezone


def fill(apps, schema_editor):
    from families.retention.schedule import CLASSES

    rule, historical = (apps.get_model("families", name) for name in ("RetentionRule", "HistoricalRetentionRule"))
    for each in CLASSES:
        row, made = rule.objects.get_or_create(key=each.key, defaults={"amount": each.amount, "source": each.source})
        if made:
            historical.objects.create(
                id=row.pk,
                key=row.key,
                amount=row.amount,
                source=row.source,
                history_date=timezone.now(),
                history_type="+",
            )


class Migration(migrations.Migration):
    dependencies = [("families", "0023_retention")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
