import django.db.models.deletion
from django.db import migrations, models

import tenancy.constraints
import tenancy.fields
import tenancy.models.base

TO_COUNT = """
CREATE FUNCTION complaints_companies_to_count() RETURNS TABLE (company_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT m.company_id FROM complaints_figuremark m
    UNION
    SELECT c.id FROM tenancy_company c LEFT JOIN complaints_figurebook b ON b.company_id = c.id
    WHERE b.zone IS DISTINCT FROM c.zone
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0004_supporters"),
        ("tenancy", "0005_large_print"),
    ]

    operations = [
        migrations.CreateModel(
            name="Figure",
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
                (
                    "grain",
                    models.CharField(choices=[("day", "day"), ("month", "month")], max_length=5),
                ),
                (
                    "dimension",
                    models.CharField(
                        choices=[
                            ("all", "all"),
                            ("category", "category"),
                            ("department", "department"),
                            ("building", "building"),
                            ("person", "handler"),
                        ],
                        max_length=10,
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
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
                        verbose_name="kind",
                    ),
                ),
                ("key", models.UUIDField()),
                ("filed", models.IntegerField(verbose_name="received")),
                ("resolved", models.IntegerField(verbose_name="resolved")),
                ("closed", models.IntegerField(verbose_name="closed")),
                ("reopened", models.IntegerField(verbose_name="reopened")),
                ("asked", models.IntegerField(verbose_name="asked for a rating")),
                ("rated", models.IntegerField(verbose_name="rated")),
                ("low", models.IntegerField(verbose_name="one or two stars")),
                ("stars", models.IntegerField(verbose_name="stars")),
                ("acceptance_kept", models.IntegerField()),
                ("acceptance_missed", models.IntegerField()),
                ("callback_kept", models.IntegerField()),
                ("callback_missed", models.IntegerField()),
                ("resolution_kept", models.IntegerField()),
                ("resolution_missed", models.IntegerField()),
                ("follow_up_kept", models.IntegerField()),
                ("follow_up_missed", models.IntegerField()),
                (
                    "community",
                    tenancy.fields.CompanyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.community",
                    ),
                ),
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
                "verbose_name": "figure",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("company", "grain", "dimension", "day", "community", "kind", "key"),
                        name="one_figure_per_cell",
                    ),
                    tenancy.constraints.CompanyPrimaryKey(name="complaints_figure_company_key"),
                    tenancy.constraints.CompanyPolicy(name="complaints_figure_company_wall"),
                    tenancy.constraints.GlobalReference(
                        field="company", name="complaints_figure_company_exists"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="community", name="complaints_figure_community_in_company"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FigureBook",
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
                ("zone", models.CharField(max_length=40)),
                ("counted_at", models.DateTimeField(verbose_name="counted at")),
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
                "verbose_name": "book of figures",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("company",), name="one_book_per_company"),
                    tenancy.constraints.CompanyPrimaryKey(name="complaints_figurebook_company_key"),
                    tenancy.constraints.CompanyPolicy(name="complaints_figurebook_company_wall"),
                    tenancy.constraints.GlobalReference(
                        field="company", name="complaints_figurebook_company_exists"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FigureMark",
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
                ("filed_at", models.DateTimeField()),
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
                "verbose_name": "changed day",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    tenancy.constraints.CompanyPrimaryKey(name="complaints_figuremark_company_key"),
                    tenancy.constraints.CompanyPolicy(name="complaints_figuremark_company_wall"),
                    tenancy.constraints.GlobalReference(
                        field="company", name="complaints_figuremark_company_exists"
                    ),
                ],
            },
        ),
        # Which companies have figures to count: asked over all of them, ids only.
        migrations.RunSQL(TO_COUNT, "DROP FUNCTION complaints_companies_to_count()"),
    ]
