import django.db.models.deletion
from django.db import migrations, models

import tenancy.constraints
import tenancy.fields
import tenancy.migrating
import tenancy.models.base


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0003_usual_working_time"),
        ("owners", "0002_inactive_places"),
        ("tenancy", "0005_large_print"),
    ]

    operations = [
        migrations.CreateModel(
            name="Supporter",
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
                ("joined_at", models.DateTimeField(verbose_name="joined at")),
            ],
            options={
                "verbose_name": "supporter",
                "verbose_name_plural": "supporters",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        tenancy.migrating.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("status__in", ("new", "accepted", "paused"))),
                fields=["company", "community", "category", "-created_at"],
                name="ticket_near",
            ),
        ),
        migrations.AddField(
            model_name="supporter",
            name="company",
            field=tenancy.fields.GlobalForeignKey(
                db_constraint=False,
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenancy.company",
            ),
        ),
        migrations.AddField(
            model_name="supporter",
            name="owner",
            field=tenancy.fields.CompanyForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="owners.owner",
            ),
        ),
        migrations.AddField(
            model_name="supporter",
            name="ticket",
            field=tenancy.fields.CompanyForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="supporters",
                to="complaints.ticket",
            ),
        ),
        tenancy.migrating.AddIndex(
            model_name="supporter",
            index=models.Index(
                fields=["company", "owner", "-joined_at"], name="supporter_of_owner"
            ),
        ),
        tenancy.migrating.AddConstraint(
            model_name="supporter",
            constraint=models.UniqueConstraint(
                fields=("company", "ticket", "owner"), name="owner_supports_a_ticket_once"
            ),
        ),
        tenancy.migrating.AddConstraint(
            model_name="supporter",
            constraint=tenancy.constraints.CompanyPrimaryKey(
                name="complaints_supporter_company_key"
            ),
        ),
        tenancy.migrating.AddConstraint(
            model_name="supporter",
            constraint=tenancy.constraints.CompanyPolicy(name="complaints_supporter_company_wall"),
        ),
        tenancy.migrating.AddConstraint(
            model_name="supporter",
            constraint=tenancy.constraints.GlobalReference(
                field="company", name="complaints_supporter_company_exists"
            ),
        ),
        tenancy.migrating.AddConstraint(
            model_name="supporter",
            constraint=tenancy.constraints.CompanyReference(
                field="ticket", name="complaints_supporter_ticket_in_company"
            ),
        ),
        tenancy.migrating.AddConstraint(
            model_name="supporter",
            constraint=tenancy.constraints.CompanyReference(
                field="owner", name="complaints_supporter_owner_in_company"
            ),
        ),
    ]
