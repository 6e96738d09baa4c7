"""The first templates of notes, so that a note can be written on the first day."""

from django.db import migrations


def add_first_templates(apps, schema_editor):
    from families.note_templates import FIRST

    template = apps.get_model("families", "NoteTemplate")
    section = apps.get_model("families", "NoteTemplateSection")
    for position, pattern in enumerate(FIRST, start=1):
        made, new = template.objects.get_or_create(name=pattern.name, defaults={"hint": pattern.hint, "position": position})
        for place, part in enumerate(pattern.parts if new else (), start=1):
            section.objects.create(
                template=made, position=place, heading=part.heading, hint=part.hint, audience=part.audience
            )


class Migration(migrations.Migration):
    dependencies = [("families", "0008_notes_contacts_documents")]
    operations = [migrations.RunPython(add_first_templates, migrations.RunPython.noop)]
