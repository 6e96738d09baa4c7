"""PIIOS is for babies from 6 weeks, which no number of months says; of MORS-SF no first age is published.

What a service has written itself is its own and stays: a new version is made only where the one in use is still the one
that came with the service. Scores keep the version under which they were given.
"""

from django.db import migrations

# By key: what the shipped content said, and what it says now.
CHANGES = {
    "piios": ({"months_from": 1, "months_to": 7}, {"weeks_from": 6, "months_from": None}, {}),
    "mors-sf": (
        {"months_from": 0, "months_to": 12},
        {"months_from": None},
        {
            "Higher warmth and lower invasion are easier. No cut-offs are published here.": (
                "From a few weeks to about one year; no first week is published. Higher warmth and lower invasion are "
                "easier. No cut-offs are published here."
            )
        },
    ),
}


def say_the_published_ages(apps, schema_editor):
    MeasureVersion = apps.get_model("outcomes", "MeasureVersion")
    for key, (shipped, now, notes) in CHANGES.items():
        latest = MeasureVersion.objects.filter(measure__key=key).order_by("-version").first()
        if latest is None or latest.recorded_by_id is not None:
            continue  # not there, or what somebody here has written
        content = latest.content
        if content.get("weeks_from") is not None or any(content.get(name) != value for name, value in shipped.items()):
            continue
        changed = {**content, **now, "note": notes.get(content.get("note", ""), content.get("note", ""))}
        MeasureVersion.objects.create(
            measure=latest.measure, version=latest.version + 1, short_name=latest.short_name, content=changed
        )


class Migration(migrations.Migration):
    dependencies = [("outcomes", "0006_link_by_message")]
    operations = [migrations.RunPython(say_the_published_ages, migrations.RunPython.noop)]
