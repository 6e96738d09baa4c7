"""No case without a pathway and a stage of it; apart from filling, which PostgreSQL wants committed first."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("families", "0018_pathways_filled")]
    operations = [
        migrations.AlterField(
            model_name="case",
            name="pathway",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="families.pathway"
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="place",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="families.pathwaystage"
            ),
        ),
    ]
