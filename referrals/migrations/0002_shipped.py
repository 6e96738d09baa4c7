"""Lists, texts and rules to begin with, so that the form can be filled in on the first day."""

from django.db import migrations


def add_what_is_shipped(apps, schema_editor):
    from referrals.shipped import ship

    ship(apps)


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_referrals")]
    operations = [migrations.RunPython(add_what_is_shipped, migrations.RunPython.noop)]
