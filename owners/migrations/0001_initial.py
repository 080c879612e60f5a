import django.db.models.deletion
from django.db import migrations, models

import tenancy.constraints
import tenancy.fields
import tenancy.models.base


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Building",
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
                ("name", models.CharField(max_length=30, verbose_name="name")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                (
                    "community",
                    tenancy.fields.CompanyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="buildings",
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
                "verbose_name": "building",
                "verbose_name_plural": "buildings",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    tenancy.constraints.CompanyPrimaryKey(name="owners_building_company_key"),
                    models.UniqueConstraint(
                        fields=("company", "community", "name"), name="building_name_is_unique"
                    ),
                    tenancy.constraints.CompanyPolicy(name="owners_building_company_wall"),
                    tenancy.constraints.GlobalReference(
                        field="company", name="owners_building_company_exists"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="community", name="owners_building_community_in_company"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Owner",
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
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "phone",
                    tenancy.fields.EncryptedTextField(
                        blank=True, default="", verbose_name="mobile phone"
                    ),
                ),
                ("phone_index", models.CharField(blank=True, editable=False, max_length=64)),
                ("phone_tail_index", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "id_number",
                    tenancy.fields.EncryptedTextField(
                        blank=True, default="", verbose_name="identity number"
                    ),
                ),
                ("id_number_index", models.CharField(blank=True, editable=False, max_length=64)),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("search_text", models.CharField(blank=True, editable=False, max_length=300)),
                ("sort_key", models.CharField(blank=True, editable=False, max_length=120)),
                (
                    "created_at",
                    models.DateTimeField(auto_now_add=True, verbose_name="in the archive since"),
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
                (
                    "membership",
                    tenancy.fields.CompanyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="owners",
                        to="tenancy.membership",
                    ),
                ),
            ],
            options={
                "verbose_name": "owner",
                "verbose_name_plural": "owners",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["company", "phone_index"], name="owner_by_phone"),
                    models.Index(
                        fields=["company", "phone_tail_index"], name="owner_by_phone_tail"
                    ),
                    models.Index(fields=["company", "id_number_index"], name="owner_by_id_number"),
                    models.Index(fields=["company", "sort_key", "id"], name="owner_by_sound"),
                ],
                "constraints": [
                    tenancy.constraints.CompanyPrimaryKey(name="owners_owner_company_key"),
                    models.UniqueConstraint(
                        fields=("company", "membership"), name="one_owner_per_membership"
                    ),
                    tenancy.constraints.CompanyPolicy(name="owners_owner_company_wall"),
                    tenancy.constraints.GlobalReference(
                        field="company", name="owners_owner_company_exists"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="membership", name="owners_owner_membership_in_company"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Unit",
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
                ("number", models.CharField(max_length=30, verbose_name="number")),
                ("floor", models.SmallIntegerField(blank=True, null=True, verbose_name="floor")),
                (
                    "area",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=8,
                        null=True,
                        verbose_name="area, m²",
                    ),
                ),
                (
                    "label",
                    models.CharField(max_length=100, verbose_name="full address in the community"),
                ),
                (
                    "building",
                    tenancy.fields.CompanyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="owners.building",
                    ),
                ),
                (
                    "community",
                    tenancy.fields.CompanyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
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
                "verbose_name": "unit",
                "verbose_name_plural": "units",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        fields=["company", "community", "label", "id"], name="unit_by_address"
                    )
                ],
                "constraints": [
                    tenancy.constraints.CompanyPrimaryKey(name="owners_unit_company_key"),
                    models.UniqueConstraint(
                        fields=("company", "building", "number"), name="unit_number_is_unique"
                    ),
                    tenancy.constraints.CompanyPolicy(name="owners_unit_company_wall"),
                    tenancy.constraints.GlobalReference(
                        field="company", name="owners_unit_company_exists"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="building", name="owners_unit_building_in_company"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="community", name="owners_unit_community_in_company"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ownership",
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
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "owner"),
                            ("co_owner", "co-owner"),
                            ("family", "family member"),
                            ("lessee", "lessee"),
                        ],
                        default="owner",
                        max_length=10,
                        verbose_name="role",
                    ),
                ),
                ("since", models.DateField(blank=True, null=True, verbose_name="since")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
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
                    "owner",
                    tenancy.fields.CompanyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ownerships",
                        to="owners.owner",
                    ),
                ),
                (
                    "unit",
                    tenancy.fields.CompanyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ownerships",
                        to="owners.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "ownership",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["company", "owner", "unit"], name="ownership_of_owner"),
                    models.Index(fields=["company", "unit", "owner"], name="ownership_of_unit"),
                ],
                "constraints": [
                    tenancy.constraints.CompanyPrimaryKey(name="owners_ownership_company_key"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until", None),
                            ("since", None),
                            ("until__gte", models.F("since")),
                            _connector="OR",
                        ),
                        name="ownership_ends_after_it_begins",
                        violation_error_message="The end is before the beginning.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)),
                        fields=("company", "unit", "owner", "role"),
                        name="one_open_tie_per_role",
                    ),
                    tenancy.constraints.CompanyPolicy(name="owners_ownership_company_wall"),
                    tenancy.constraints.GlobalReference(
                        field="company", name="owners_ownership_company_exists"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="owner", name="owners_ownership_owner_in_company"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="unit", name="owners_ownership_unit_in_company"
                    ),
                ],
            },
        ),
    ]
