"""Operators of the platform: what they did, and their visits; who must have a second factor.

`tenancy_companies_of` forgets those whose time has ended. `tenancy_members_counted` is how an
operator sees the size of a company: two numbers, and nothing that lies behind them.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tenancy.constraints
import tenancy.fields
import tenancy.models.base
from tenancy.constraints import on_citus

COMPANIES_OF = """
CREATE OR REPLACE FUNCTION tenancy_companies_of(person uuid) RETURNS TABLE (company_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.company_id FROM tenancy_membership m WHERE m.user_id = person AND m.is_active{more}
$$
"""
NOT_ENDED = " AND (m.ends_at IS NULL OR m.ends_at > now())"
MEMBERS_COUNTED = """
CREATE FUNCTION tenancy_members_counted()
RETURNS TABLE (company_id uuid, staff bigint, owners bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.company_id,
        count(*) FILTER (WHERE NOT m.roles <@ ARRAY['owner', 'platform']::varchar[]),
        count(*) FILTER (WHERE m.roles @> ARRAY['owner']::varchar[])
    FROM tenancy_membership m WHERE m.is_active GROUP BY 1
$$
"""
# It is asked together with memberships, which lie on all nodes.
FACTORS_EVERYWHERE = on_citus("create_reference_table('mfa_authenticator')")


class Migration(migrations.Migration):
    dependencies = [
        ("tenancy", "0007_answers_kept_until"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [
        migrations.AddField(
            model_name="company",
            name="second_factor_from",
            field=models.DateTimeField(blank=True, null=True, verbose_name="second factor from"),
        ),
        migrations.AddField(
            model_name="company",
            name="suspended_because",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=300,
                verbose_name="why it is suspended",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="ends_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="ends at"),
        ),
        migrations.AlterField(
            model_name="membership",
            name="roles",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("owner", "owner"),
                        ("technician", "technician"),
                        ("desk", "front desk"),
                        ("supervisor", "supervisor"),
                        ("manager", "project manager"),
                        ("admin", "company admin"),
                        ("platform", "platform operator"),
                    ],
                    max_length=12,
                ),
                size=None,
                verbose_name="roles",
            ),
        ),
        migrations.CreateModel(
            name="OperatorEntry",
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
                ("at", models.DateTimeField(verbose_name="when")),
                ("action", models.CharField(max_length=40, verbose_name="what")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("detail", models.JSONField(default=dict, verbose_name="details")),
                ("address", models.CharField(blank=True, max_length=60, verbose_name="from where")),
                (
                    "about",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.company",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "operator's entry",
                "indexes": [
                    models.Index(fields=["-at", "id"], name="operator_newest_first"),
                    models.Index(fields=["about", "-at", "id"], name="operator_about_a_company"),
                ],
                "constraints": [
                    tenancy.constraints.ReferenceTable(name="tenancy_operatorentry_everywhere")
                ],
            },
        ),
        migrations.CreateModel(
            name="PlatformAccess",
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
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("began_at", models.DateTimeField(verbose_name="from")),
                ("until", models.DateTimeField(verbose_name="until")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended at")),
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
                    "ended_by",
                    tenancy.fields.CompanyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.membership",
                    ),
                ),
                (
                    "membership",
                    tenancy.fields.CompanyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.membership",
                    ),
                ),
            ],
            options={
                "verbose_name": "access of the platform",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["company", "-began_at", "id"], name="access_newest_first")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("began_at"))),
                        name="access_ends_after_it_began",
                    ),
                    tenancy.constraints.CompanyPrimaryKey(
                        name="tenancy_platformaccess_company_key"
                    ),
                    tenancy.constraints.CompanyPolicy(name="tenancy_platformaccess_company_wall"),
                    tenancy.constraints.GlobalReference(
                        field="company", name="tenancy_platformaccess_company_exists"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="membership", name="tenancy_platformaccess_membership_in_company"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="ended_by", name="tenancy_platformaccess_ended_by_in_company"
                    ),
                ],
            },
        ),
        migrations.RunSQL(COMPANIES_OF.format(more=NOT_ENDED), COMPANIES_OF.format(more="")),
        migrations.RunSQL(MEMBERS_COUNTED, "DROP FUNCTION tenancy_members_counted()"),
        migrations.RunSQL(FACTORS_EVERYWHERE, migrations.RunSQL.noop),
    ]
