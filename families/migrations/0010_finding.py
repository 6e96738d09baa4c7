"""Keys by which people are found, and those of everybody who is in the record already."""

import django.db.models.deletion
from django.db import migrations, models


def find_everybody(apps, schema_editor):
    from families.finding.keys import ADULTS, NAMES, batched, keys_of
    from families.finding.names import parts

    person = apps.get_model("families", "Person")
    history = apps.get_model("families", "HistoricalPerson")
    key = apps.get_model("families", "SearchKey")
    part = apps.get_model("families", "NamePart")
    words = set()
    for some in batched(person.objects.order_by("pk").iterator(chunk_size=500), 500):
        earlier = {}
        adults = [each.pk for each in some if each.kind in ADULTS]
        for pk, name in history.objects.filter(id__in=adults).values_list("id", "last_name"):
            earlier.setdefault(pk, set()).add(name)
        rows = [
            key(person=each, kind=kind, value=value)
            for each in some
            for kind, value in keys_of(each, earlier.get(each.pk, ()))
        ]
        key.objects.bulk_create(rows, batch_size=500)
        words |= {row.value for row in rows if row.kind in NAMES}
    for some in batched(sorted(words), 500):
        part.objects.bulk_create([part(word=word, part=each) for word in some for each in parts(word)], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [
        ("families", "0009_first_note_templates"),
    ]

    operations = [
        migrations.CreateModel(
            name="NamePart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=60)),
                ("part", models.CharField(max_length=70)),
            ],
            options={
                "indexes": [models.Index(fields=["word"], name="families_na_word_fbbee9_idx")],
                "constraints": [models.UniqueConstraint(fields=("part", "word"), name="a_part_once_in_a_word")],
            },
        ),
        migrations.CreateModel(
            name="SearchKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("first", "First name"),
                            ("last", "Last name"),
                            ("known_as", "Known as"),
                            ("earlier", "Earlier surname"),
                            ("born", "Date of birth"),
                            ("due", "Expected date"),
                            ("nhs", "NHS number"),
                            ("phone", "Phone"),
                            ("email", "E-mail"),
                            ("postcode", "Postcode"),
                        ],
                        max_length=8,
                    ),
                ),
                ("value", models.CharField(max_length=254)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="search_keys", to="families.person"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["value", "kind"], name="families_se_value_80720e_idx"),
                    models.Index(fields=["value"], name="search_key_begins", opclasses=["varchar_pattern_ops"]),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "kind", "value"), name="one_key_of_its_kind")
                ],
            },
        ),
        migrations.RunPython(find_everybody, migrations.RunPython.noop, elidable=True),
    ]
