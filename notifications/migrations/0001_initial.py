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
            name="Notification",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("assigned", "something was handed to me"),
                            ("warning", "a promise is about to be late"),
                            ("escalation", "a promise is late"),
                            ("progress", "news about my ticket"),
                            ("urged", "an owner urges"),
                            ("rating", "an owner was not content"),
                            ("message", "somebody wrote to me"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("message", models.CharField(max_length=200, verbose_name="message")),
                ("params", models.JSONField(default=dict)),
                (
                    "path",
                    models.CharField(blank=True, max_length=200, verbose_name="where it leads"),
                ),
                ("dedupe_key", models.CharField(max_length=120)),
                ("created_at", models.DateTimeField(verbose_name="told at")),
                ("read_at", models.DateTimeField(null=True, verbose_name="read at")),
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
                    "recipient",
                    tenancy.fields.CompanyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.membership",
                    ),
                ),
            ],
            options={
                "verbose_name": "notification",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        fields=["company", "recipient", "-created_at", "id"], name="inbox"
                    ),
                    models.Index(
                        condition=models.Q(("read_at", None)),
                        fields=["company", "recipient"],
                        name="inbox_unread",
                    ),
                ],
                "constraints": [
                    tenancy.constraints.CompanyPrimaryKey(
                        name="notifications_notification_company_key"
                    ),
                    models.UniqueConstraint(
                        fields=("company", "recipient", "dedupe_key"), name="told_once"
                    ),
                    tenancy.constraints.CompanyPolicy(
                        name="notifications_notification_company_wall"
                    ),
                    tenancy.constraints.GlobalReference(
                        field="company", name="notifications_notification_company_exists"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="recipient", name="notifications_notification_recipient_in_company"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
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
                    "channel",
                    models.CharField(
                        choices=[("email", "e-mail"), ("sms", "SMS")],
                        max_length=8,
                        verbose_name="channel",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "waiting"), ("sent", "sent"), ("dead", "given up")],
                        default="waiting",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                (
                    "next_attempt_at",
                    models.DateTimeField(null=True, verbose_name="next attempt at"),
                ),
                (
                    "last_error",
                    models.CharField(blank=True, max_length=300, verbose_name="last error"),
                ),
                ("sent_at", models.DateTimeField(null=True, verbose_name="sent at")),
                ("created_at", models.DateTimeField(verbose_name="written at")),
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
                    "notification",
                    tenancy.fields.CompanyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="notifications.notification",
                    ),
                ),
            ],
            options={
                "verbose_name": "delivery",
                "verbose_name_plural": "deliveries",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_attempt_at__isnull", False)),
                        fields=["next_attempt_at", "company"],
                        name="delivery_due",
                    ),
                    models.Index(
                        condition=models.Q(("state", "dead")),
                        fields=["company", "-created_at"],
                        name="delivery_dead",
                    ),
                ],
                "constraints": [
                    tenancy.constraints.CompanyPrimaryKey(
                        name="notifications_delivery_company_key"
                    ),
                    models.UniqueConstraint(
                        fields=("company", "notification", "channel"),
                        name="one_delivery_per_channel",
                    ),
                    tenancy.constraints.CompanyPolicy(name="notifications_delivery_company_wall"),
                    tenancy.constraints.GlobalReference(
                        field="company", name="notifications_delivery_company_exists"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="notification", name="notifications_delivery_notification_in_company"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Preference",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("assigned", "something was handed to me"),
                            ("warning", "a promise is about to be late"),
                            ("escalation", "a promise is late"),
                            ("progress", "news about my ticket"),
                            ("urged", "an owner urges"),
                            ("rating", "an owner was not content"),
                            ("message", "somebody wrote to me"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("email", "e-mail"), ("sms", "SMS")],
                        max_length=8,
                        verbose_name="channel",
                    ),
                ),
                ("wanted", models.BooleanField(verbose_name="wanted")),
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
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.membership",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    tenancy.constraints.CompanyPrimaryKey(
                        name="notifications_preference_company_key"
                    ),
                    models.UniqueConstraint(
                        fields=("company", "membership", "kind", "channel"),
                        name="one_wish_per_channel",
                    ),
                    tenancy.constraints.CompanyPolicy(name="notifications_preference_company_wall"),
                    tenancy.constraints.GlobalReference(
                        field="company", name="notifications_preference_company_exists"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="membership", name="notifications_preference_membership_in_company"
                    ),
                ],
            },
        ),
    ]
