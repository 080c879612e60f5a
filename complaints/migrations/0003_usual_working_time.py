"""How long a kind of work usually takes, and that an escalation was seen."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0002_companies_due"),
    ]

    operations = [
        migrations.AddField(
            model_name="category",
            name="usual_minutes",
            field=models.PositiveSmallIntegerField(
                default=60,
                validators=[
                    django.core.validators.MinValueValidator(5),
                    django.core.validators.MaxValueValidator(2400),
                ],
                verbose_name="usual working time (minutes)",
            ),
        ),
        migrations.AlterField(
            model_name="ticketevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("filed", "received"),
                    ("accepted", "accepted"),
                    ("assigned", "handed over"),
                    ("paused", "paused"),
                    ("resumed", "resumed"),
                    ("resolved", "resolved"),
                    ("closed", "closed"),
                    ("reopened", "reopened"),
                    ("urged", "urged"),
                    ("called_back", "callback"),
                    ("rated", "rated"),
                    ("commented", "message"),
                    ("noted", "internal note"),
                    ("attached", "file added"),
                    ("warned", "promise about to be late"),
                    ("breached", "promise late"),
                    ("escalated", "escalated"),
                    ("due_changed", "promised time changed"),
                    ("seen", "escalation seen"),
                ],
                max_length=12,
                verbose_name="what",
            ),
        ),
    ]
