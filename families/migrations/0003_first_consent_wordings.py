"""The first wording of every purpose, so that no decision is ever made about nothing."""

from django.db import migrations


def add_first_wordings(apps, schema_editor):
    from families.wordings import FIRST_TEXTS

    wording = apps.get_model("families", "ConsentWording")
    for purpose, text in FIRST_TEXTS.items():
        wording.objects.get_or_create(purpose=purpose, version=1, defaults={"text": text})


class Migration(migrations.Migration):
    dependencies = [("families", "0002_record_deepened")]
    operations = [migrations.RunPython(add_first_wordings, migrations.RunPython.noop)]
