"""The measures that come with the service, so that it can begin."""

from django.db import migrations


def add_first_measures(apps, schema_editor):
    from outcomes.shipped import put_in_place

    put_in_place(apps.get_model("outcomes", "Measure"), apps.get_model("outcomes", "MeasureVersion"))


class Migration(migrations.Migration):
    dependencies = [("outcomes", "0002_goals_and_measures")]
    operations = [migrations.RunPython(add_first_measures, migrations.RunPython.noop)]
