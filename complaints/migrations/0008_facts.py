import django.db.models.deletion
from django.db import migrations, models

import tenancy.constraints
import tenancy.fields
import tenancy.models.base

TO_COUNT = """
CREATE OR REPLACE FUNCTION complaints_companies_to_count() RETURNS TABLE (company_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT m.company_id FROM complaints_figuremark m
    UNION
    SELECT c.id FROM tenancy_company c LEFT JOIN complaints_figurebook b ON b.company_id = c.id
    WHERE b.zone IS DISTINCT FROM c.zone%s
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0007_saved_views"),
        ("tenancy", "0008_platform"),
    ]

    operations = [
        migrations.AddField(
            model_name="figurebook",
            name="facts_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="FigureFact",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("day", models.DateField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("complaint", "complaint"),
                            ("repair", "repair"),
                            ("suggestion", "suggestion"),
                            ("praise", "praise"),
                            ("enquiry", "enquiry"),
                        ],
                        max_length=12,
                    ),
                ),
                ("community_id", models.UUIDField()),
                ("category_id", models.UUIDField()),
                ("department_id", models.UUIDField()),
                ("building_id", models.UUIDField()),
                ("person_id", models.UUIDField()),
                ("filed", models.SmallIntegerField()),
                ("resolved", models.SmallIntegerField()),
                ("closed", models.SmallIntegerField()),
                ("reopened", models.SmallIntegerField()),
                ("asked", models.SmallIntegerField()),
                ("rated", models.SmallIntegerField()),
                ("low", models.SmallIntegerField()),
                ("stars", models.SmallIntegerField()),
                ("acceptance_kept", models.SmallIntegerField()),
                ("acceptance_missed", models.SmallIntegerField()),
                ("callback_kept", models.SmallIntegerField()),
                ("callback_missed", models.SmallIntegerField()),
                ("resolution_kept", models.SmallIntegerField()),
                ("resolution_missed", models.SmallIntegerField()),
                ("follow_up_kept", models.SmallIntegerField()),
                ("follow_up_missed", models.SmallIntegerField()),
                (
                    "company",
                    tenancy.fields.GlobalForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.company",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["company", "day"], name="fact_of_day")],
                "constraints": [
                    tenancy.constraints.CompanyPrimaryKey(name="complaints_figurefact_company_key"),
                    tenancy.constraints.CompanyPolicy(name="complaints_figurefact_company_wall"),
                    tenancy.constraints.GlobalReference(
                        field="company", name="complaints_figurefact_company_exists"
                    ),
                ],
            },
        ),
        # Books that were written without facts are to be written anew.
        migrations.RunSQL(TO_COUNT % " OR b.facts_at IS DISTINCT FROM b.counted_at", TO_COUNT % ""),
    ]
