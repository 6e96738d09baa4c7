"""Among the reasons why work ends stands one for after a loss, which a service can word as it likes."""

from django.db import migrations
from django.db.models import Max
from django.utils import timezone


def add(apps, schema_editor):
    from families.pathways import AFTER_LOSS, AFTER_LOSS_LABEL

    reason = apps.get_model("families", "ClosureReason")
    if reason.objects.filter(key=AFTER_LOSS).exists():
        return
    row = reason.objects.filter(label=AFTER_LOSS_LABEL).first()  # a service may have written it down already
    kind = "~" if row is not None else "+"
    if row is None:
        last = reason.objects.aggregate(last=Max("position"))["last"] or 0
        row = reason(label=AFTER_LOSS_LABEL, position=last + 1)
    row.key, row.active = AFTER_LOSS, True
    row.save()
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    history = apps.get_model("families", "HistoricalClosureReason")
    history.objects.create(**values, history_date=timezone.now(), history_type=kind)
    # Whoever closed in these words before the reason was in the list closed for it.
    closures = apps.get_model("families", "Closure").objects.filter(why=None)
    closures.filter(summary__startswith=f"{AFTER_LOSS_LABEL}.").update(why=row)


class Migration(migrations.Migration):
    dependencies = [("families", "0025_placement_changes")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
