from django.db import migrations


def give_rows(apps, schema_editor):
    """What stood in one line about a person becomes the first need of their list."""
    Person, Need = apps.get_model("families", "Person"), apps.get_model("families", "Need")
    for person in Person.objects.exclude(communication_needs="").iterator():
        Need.objects.create(
            person=person, kind="other", text=person.communication_needs, recorded_on=person.created_at.date()
        )


class Migration(migrations.Migration):

    dependencies = [
        ('families', '0005_people_and_households'),
    ]

    operations = [
        migrations.RunPython(give_rows, migrations.RunPython.noop),
    ]
