"""The principles as a new service finds them: neutral labels and plain descriptions, to be edited at will.

They follow the six headings of attuned interaction and guidance (Kennedy, Landor and Todd 2011) in words of our own;
a service that is licensed for the published wording pastes it in.
"""

from django.db import migrations, models

FIRST_WORDING = [
    (
        "1",
        "Being attentive",
        "Looking with interest, turning towards the other, giving time and space, enjoying being with them.",
        False,
    ),
    (
        "2",
        "Encouraging initiatives",
        "Waiting and listening, a warm or playful voice, saying what is seen or being done, looking out for what the "
        "other will do next.",
        False,
    ),
    (
        "3",
        "Receiving initiatives",
        "Showing that something was noticed: a look, a smile, a nod, the same sound given back, or words put to it.",
        False,
    ),
    (
        "4",
        "Taking turns together",
        "Receiving first, then answering. Short turns, waiting for one’s own, staying with the same thing, having fun "
        "together.",
        False,
    ),
    (
        "5",
        "Guiding",
        "Building on what the other does, helping just enough, offering a choice or an idea that they can follow.",
        False,
    ),
    (
        "6",
        "Deepening the conversation",
        "Sharing views, wondering what was meant, naming a difference kindly, finding a new understanding together.",
        True,
    ),
]


def add(apps, schema_editor):
    principles = apps.get_model("clips", "Principle")
    for position, (key, label, description, review_only) in enumerate(FIRST_WORDING, start=1):
        principles.objects.get_or_create(
            key=key,
            defaults={
                "label": label,
                "description": description,
                "position": position,
                "review_only": review_only,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("clips", "0002_jobs_that_check_and_tombstones")]

    operations = [
        migrations.AddField(
            model_name="principle",
            name="review_only",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(add, migrations.RunPython.noop),
    ]
