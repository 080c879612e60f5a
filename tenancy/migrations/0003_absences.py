"""Absences, and the phone that colleagues call."""

import django.db.models.deletion
from django.db import migrations, models

import tenancy.constraints
import tenancy.fields
import tenancy.models.base


class Migration(migrations.Migration):
    dependencies = [
        ("tenancy", "0002_companies_of_a_person"),
    ]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="work_phone",
            field=tenancy.fields.EncryptedTextField(
                blank=True, db_default="", default="", verbose_name="work phone"
            ),
        ),
        migrations.CreateModel(
            name="Absence",
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
                ("starts_on", models.DateField(verbose_name="away from")),
                ("ends_on", models.DateField(verbose_name="away until")),
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
                (
                    "covered_by",
                    tenancy.fields.CompanyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.membership",
                        verbose_name="covered by",
                    ),
                ),
                (
                    "membership",
                    tenancy.fields.CompanyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="absences",
                        to="tenancy.membership",
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "absence",
                "verbose_name_plural": "absences",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        fields=["company", "ends_on", "membership"], name="absence_not_over"
                    )
                ],
                "constraints": [
                    tenancy.constraints.CompanyPrimaryKey(name="tenancy_absence_company_key"),
                    models.CheckConstraint(
                        condition=models.Q(("starts_on__lte", models.F("ends_on"))),
                        name="absence_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("covered_by", None),
                            models.Q(("covered_by", models.F("membership")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_covers_for_themselves",
                    ),
                    tenancy.constraints.CompanyPolicy(name="tenancy_absence_company_wall"),
                    tenancy.constraints.GlobalReference(
                        field="company", name="tenancy_absence_company_exists"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="membership", name="tenancy_absence_membership_in_company"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="covered_by", name="tenancy_absence_covered_by_in_company"
                    ),
                ],
            },
        ),
    ]
