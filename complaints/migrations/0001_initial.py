import django.db.models.deletion
from django.db import migrations, models

import complaints.models.attachment
import tenancy.constraints
import tenancy.fields
import tenancy.models.base


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("owners", "0001_initial"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Category",
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
                (
                    "complaint_class",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("facilities", "equipment and facilities"),
                            ("service", "management and service"),
                            ("charges", "charges"),
                            ("incident", "sudden incident"),
                        ],
                        max_length=12,
                        verbose_name="class",
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                (
                    "name_en",
                    models.CharField(blank=True, max_length=60, verbose_name="English name"),
                ),
                (
                    "icon",
                    models.CharField(default="message-report", max_length=30, verbose_name="icon"),
                ),
                (
                    "urgency",
                    models.CharField(
                        choices=[
                            ("normal", "normal"),
                            ("urgent", "urgent"),
                            ("emergency", "emergency"),
                        ],
                        default="normal",
                        max_length=10,
                        verbose_name="usual urgency",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
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
                    "department",
                    tenancy.fields.CompanyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.department",
                        verbose_name="department",
                    ),
                ),
            ],
            options={
                "verbose_name": "category",
                "verbose_name_plural": "categories",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    tenancy.constraints.CompanyPrimaryKey(name="complaints_category_company_key"),
                    models.UniqueConstraint(
                        fields=("company", "kind", "name"), name="category_name_is_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "complaint"),
                                models.Q(("complaint_class", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("kind", "complaint"), _negated=True),
                                ("complaint_class", ""),
                            ),
                            _connector="OR",
                        ),
                        name="complaint_category_has_a_class",
                        violation_error_message="Complaints need a class, other kinds have none.",
                    ),
                    tenancy.constraints.CompanyPolicy(name="complaints_category_company_wall"),
                    tenancy.constraints.GlobalReference(
                        field="company", name="complaints_category_company_exists"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="department", name="complaints_category_department_in_company"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Promise",
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
                    "promise",
                    models.CharField(
                        choices=[
                            ("acceptance", "acceptance"),
                            ("callback", "callback"),
                            ("resolution", "resolution"),
                            ("follow_up", "follow-up call"),
                        ],
                        max_length=10,
                        verbose_name="promise",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
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
                (
                    "urgency",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("normal", "normal"),
                            ("urgent", "urgent"),
                            ("emergency", "emergency"),
                        ],
                        max_length=10,
                        verbose_name="urgency",
                    ),
                ),
                ("amount", models.PositiveIntegerField(verbose_name="amount")),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("working_days", "working days"),
                            ("working_minutes", "minutes of opening time"),
                            ("clock_minutes", "minutes around the clock"),
                        ],
                        max_length=16,
                        verbose_name="counted in",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "category",
                    tenancy.fields.CompanyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="complaints.category",
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
                "verbose_name": "promise",
                "verbose_name_plural": "promises",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    tenancy.constraints.CompanyPrimaryKey(name="complaints_promise_company_key"),
                    models.UniqueConstraint(
                        fields=("company", "promise", "kind", "category", "urgency"),
                        name="one_promise_per_case",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0), ("amount__lte", 525600)),
                        name="promise_amount_is_sensible",
                        violation_error_message="Promise more than nothing, and less than a year.",
                    ),
                    tenancy.constraints.CompanyPolicy(name="complaints_promise_company_wall"),
                    tenancy.constraints.GlobalReference(
                        field="company", name="complaints_promise_company_exists"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="category", name="complaints_promise_category_in_company"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ServicePolicy",
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
                    "warn_before",
                    models.PositiveIntegerField(default=120, verbose_name="warn before due"),
                ),
                (
                    "manager_after",
                    models.PositiveIntegerField(
                        default=120, verbose_name="to the manager after being late for"
                    ),
                ),
                (
                    "admin_after",
                    models.PositiveIntegerField(
                        default=240, verbose_name="to the admin after another"
                    ),
                ),
                (
                    "call_again_after",
                    models.PositiveIntegerField(default=60, verbose_name="call again after"),
                ),
                (
                    "reopen_days",
                    models.PositiveIntegerField(
                        default=30, verbose_name="may be reopened for, days"
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
                "verbose_name": "service policy",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    tenancy.constraints.CompanyPrimaryKey(
                        name="complaints_servicepolicy_company_key"
                    ),
                    models.UniqueConstraint(fields=("company",), name="one_policy_per_company"),
                    tenancy.constraints.CompanyPolicy(name="complaints_servicepolicy_company_wall"),
                    tenancy.constraints.GlobalReference(
                        field="company", name="complaints_servicepolicy_company_exists"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ticket",
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
                ("number", models.CharField(max_length=16, verbose_name="number")),
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
                (
                    "urgency",
                    models.CharField(
                        choices=[
                            ("normal", "normal"),
                            ("urgent", "urgent"),
                            ("emergency", "emergency"),
                        ],
                        max_length=10,
                        verbose_name="urgency",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("portal", "portal"),
                            ("phone", "phone"),
                            ("visit", "at the desk"),
                            ("wechat", "WeChat"),
                            ("email", "e-mail"),
                            ("paper", "letter or suggestion box"),
                            ("api", "another system"),
                        ],
                        max_length=8,
                        verbose_name="channel",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("description", models.TextField(blank=True, verbose_name="description")),
                ("search_text", models.TextField(blank=True, editable=False)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("new", "new"),
                            ("accepted", "in hand"),
                            ("paused", "paused"),
                            ("resolved", "resolved"),
                            ("closed", "closed"),
                        ],
                        default="new",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField(default=1)),
                ("solution", models.TextField(blank=True, verbose_name="what was done")),
                ("created_at", models.DateTimeField(verbose_name="received at")),
                ("accepted_at", models.DateTimeField(null=True, verbose_name="accepted at")),
                ("resolved_at", models.DateTimeField(null=True, verbose_name="resolved at")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed at")),
                ("urged_at", models.DateTimeField(null=True, verbose_name="last urged at")),
                ("next_due_at", models.DateTimeField(null=True, verbose_name="due next")),
                (
                    "assignee",
                    tenancy.fields.CompanyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.membership",
                        verbose_name="handler",
                    ),
                ),
                (
                    "category",
                    tenancy.fields.CompanyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="complaints.category",
                        verbose_name="category",
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
                        verbose_name="community",
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
                (
                    "department",
                    tenancy.fields.CompanyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "filed_by",
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
                    "owner",
                    tenancy.fields.CompanyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="owners.owner",
                        verbose_name="owner",
                    ),
                ),
                (
                    "unit",
                    tenancy.fields.CompanyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="owners.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "ticket",
                "verbose_name_plural": "tickets",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("status__in", ("new", "accepted", "paused", "resolved"))
                        ),
                        fields=["company", "next_due_at", "id"],
                        name="ticket_queue",
                    ),
                    models.Index(fields=["company", "-created_at", "-id"], name="ticket_newest"),
                    models.Index(
                        fields=["company", "owner", "-created_at"], name="ticket_of_owner"
                    ),
                    models.Index(fields=["company", "unit", "-created_at"], name="ticket_of_unit"),
                    models.Index(
                        condition=models.Q(
                            ("status__in", ("new", "accepted", "paused", "resolved"))
                        ),
                        fields=["company", "assignee", "next_due_at"],
                        name="ticket_of_handler",
                    ),
                ],
                "constraints": [
                    tenancy.constraints.CompanyPrimaryKey(name="complaints_ticket_company_key"),
                    models.UniqueConstraint(
                        fields=("company", "number"), name="ticket_number_is_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("status", "closed")),
                            models.Q(
                                models.Q(("status", "closed"), _negated=True), ("closed_at", None)
                            ),
                            _connector="OR",
                        ),
                        name="closed_ticket_has_a_closing_time",
                    ),
                    tenancy.constraints.CompanyPolicy(name="complaints_ticket_company_wall"),
                    tenancy.constraints.GlobalReference(
                        field="company", name="complaints_ticket_company_exists"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="category", name="complaints_ticket_category_in_company"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="community", name="complaints_ticket_community_in_company"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="unit", name="complaints_ticket_unit_in_company"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="owner", name="complaints_ticket_owner_in_company"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="filed_by", name="complaints_ticket_filed_by_in_company"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="department", name="complaints_ticket_department_in_company"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="assignee", name="complaints_ticket_assignee_in_company"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deadline",
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
                    "promise",
                    models.CharField(
                        choices=[
                            ("acceptance", "acceptance"),
                            ("callback", "callback"),
                            ("resolution", "resolution"),
                            ("follow_up", "follow-up call"),
                        ],
                        max_length=10,
                        verbose_name="promise",
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField(default=1)),
                ("amount", models.PositiveIntegerField(verbose_name="amount")),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("working_days", "working days"),
                            ("working_minutes", "minutes of opening time"),
                            ("clock_minutes", "minutes around the clock"),
                        ],
                        max_length=16,
                        verbose_name="counted in",
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="counted from")),
                ("due_at", models.DateTimeField(verbose_name="due at")),
                ("explanation", models.JSONField(default=dict)),
                ("met_at", models.DateTimeField(null=True, verbose_name="kept at")),
                (
                    "dropped_at",
                    models.DateTimeField(null=True, verbose_name="no longer owed since"),
                ),
                ("paused_at", models.DateTimeField(null=True, verbose_name="paused since")),
                (
                    "paused_time",
                    models.DurationField(null=True, verbose_name="paused in all, opening time"),
                ),
                ("retry_at", models.DateTimeField(null=True, verbose_name="call again at")),
                ("next_level", models.PositiveSmallIntegerField(default=0)),
                ("next_action_at", models.DateTimeField(null=True)),
                ("last_error", models.CharField(blank=True, max_length=300)),
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
                    "ticket",
                    tenancy.fields.CompanyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deadlines",
                        to="complaints.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "deadline",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_action_at__isnull", False)),
                        fields=["next_action_at", "company"],
                        name="deadline_sweep",
                    ),
                    models.Index(
                        condition=models.Q(("next_action_at__isnull", False)),
                        fields=["company", "next_action_at"],
                        name="deadline_sweep_company",
                    ),
                    models.Index(
                        condition=models.Q(("dropped_at", None), ("met_at", None)),
                        fields=["company", "promise", "due_at"],
                        name="deadline_unmet",
                    ),
                ],
                "constraints": [
                    tenancy.constraints.CompanyPrimaryKey(name="complaints_deadline_company_key"),
                    models.UniqueConstraint(
                        fields=("company", "ticket", "promise", "cycle"),
                        name="one_deadline_per_promise",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("promise", "callback"), _negated=True),
                            ("paused_at", None),
                            _connector="OR",
                        ),
                        name="callback_is_never_paused",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("next_action_at", None),
                            models.Q(("dropped_at", None), ("met_at", None), ("paused_at", None)),
                            _connector="OR",
                        ),
                        name="only_a_running_deadline_acts",
                    ),
                    tenancy.constraints.CompanyPolicy(name="complaints_deadline_company_wall"),
                    tenancy.constraints.GlobalReference(
                        field="company", name="complaints_deadline_company_exists"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="ticket", name="complaints_deadline_ticket_in_company"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rating",
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
                ("cycle", models.PositiveSmallIntegerField()),
                ("score", models.PositiveSmallIntegerField(verbose_name="score")),
                ("comment", models.TextField(blank=True, verbose_name="words")),
                ("fixed", models.BooleanField(default=True, verbose_name="fixed")),
                ("at", models.DateTimeField(verbose_name="rated at")),
                (
                    "by",
                    tenancy.fields.CompanyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.membership",
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
                (
                    "ticket",
                    tenancy.fields.CompanyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ratings",
                        to="complaints.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "rating",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    tenancy.constraints.CompanyPrimaryKey(name="complaints_rating_company_key"),
                    models.UniqueConstraint(
                        fields=("company", "ticket", "cycle"), name="one_rating_per_cycle"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("score__gte", 1), ("score__lte", 5)),
                        name="rating_is_one_to_five",
                        violation_error_message="Give one to five stars.",
                    ),
                    tenancy.constraints.CompanyPolicy(name="complaints_rating_company_wall"),
                    tenancy.constraints.GlobalReference(
                        field="company", name="complaints_rating_company_exists"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="ticket", name="complaints_rating_ticket_in_company"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="by", name="complaints_rating_by_in_company"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Pause",
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
                    "reason",
                    models.CharField(
                        choices=[
                            ("owner", "waiting for the owner"),
                            ("part", "waiting for a part"),
                            ("third_party", "waiting for a third party"),
                        ],
                        max_length=12,
                        verbose_name="reason",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                ("started_at", models.DateTimeField(verbose_name="since")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="until")),
                (
                    "by",
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
                    "ticket",
                    tenancy.fields.CompanyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pauses",
                        to="complaints.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "pause",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["company", "ticket", "started_at"], name="pause_of_ticket")
                ],
                "constraints": [
                    tenancy.constraints.CompanyPrimaryKey(name="complaints_pause_company_key"),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("company", "ticket"),
                        name="one_open_pause_per_ticket",
                    ),
                    tenancy.constraints.CompanyPolicy(name="complaints_pause_company_wall"),
                    tenancy.constraints.GlobalReference(
                        field="company", name="complaints_pause_company_exists"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="ticket", name="complaints_pause_ticket_in_company"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="by", name="complaints_pause_by_in_company"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Escalation",
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
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "warning"),
                            (1, "late"),
                            (2, "to the manager"),
                            (3, "to the company admin"),
                        ],
                        verbose_name="level",
                    ),
                ),
                ("planned_at", models.DateTimeField(verbose_name="when it was to happen")),
                ("taken_at", models.DateTimeField(verbose_name="when it happened")),
                ("told", models.JSONField(default=list)),
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
                    "deadline",
                    tenancy.fields.CompanyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escalations",
                        to="complaints.deadline",
                    ),
                ),
                (
                    "ticket",
                    tenancy.fields.CompanyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escalations",
                        to="complaints.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "escalation",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        fields=["company", "ticket", "taken_at"], name="escalation_of_ticket"
                    )
                ],
                "constraints": [
                    tenancy.constraints.CompanyPrimaryKey(name="complaints_escalation_company_key"),
                    models.UniqueConstraint(
                        fields=("company", "deadline", "level"), name="each_level_exactly_once"
                    ),
                    tenancy.constraints.CompanyPolicy(name="complaints_escalation_company_wall"),
                    tenancy.constraints.GlobalReference(
                        field="company", name="complaints_escalation_company_exists"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="deadline", name="complaints_escalation_deadline_in_company"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="ticket", name="complaints_escalation_ticket_in_company"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Callback",
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
                    "outcome",
                    models.CharField(
                        choices=[
                            ("reached_satisfied", "reached, content"),
                            ("reached_unsatisfied", "reached, not content"),
                            ("no_answer", "no answer"),
                            ("busy", "busy"),
                            ("wrong_number", "wrong number"),
                            ("declined", "did not want to talk"),
                        ],
                        max_length=20,
                        verbose_name="outcome",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="what was said")),
                ("at", models.DateTimeField(verbose_name="called at")),
                (
                    "by",
                    tenancy.fields.CompanyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.membership",
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
                (
                    "ticket",
                    tenancy.fields.CompanyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="callbacks",
                        to="complaints.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "callback",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["company", "ticket", "at"], name="callback_of_ticket")
                ],
                "constraints": [
                    tenancy.constraints.CompanyPrimaryKey(name="complaints_callback_company_key"),
                    tenancy.constraints.CompanyPolicy(name="complaints_callback_company_wall"),
                    tenancy.constraints.GlobalReference(
                        field="company", name="complaints_callback_company_exists"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="ticket", name="complaints_callback_ticket_in_company"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="by", name="complaints_callback_by_in_company"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
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
                    "file",
                    models.FileField(
                        max_length=200,
                        upload_to=complaints.models.attachment.stored_under,
                        verbose_name="file",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("content_type", models.CharField(max_length=60)),
                ("size", models.PositiveIntegerField(verbose_name="bytes")),
                ("width", models.PositiveIntegerField(null=True)),
                ("height", models.PositiveIntegerField(null=True)),
                ("at", models.DateTimeField(verbose_name="added at")),
                (
                    "by",
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
                    "ticket",
                    tenancy.fields.CompanyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="complaints.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "attachment",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["company", "ticket", "at"], name="attachment_of_ticket")
                ],
                "constraints": [
                    tenancy.constraints.CompanyPrimaryKey(name="complaints_attachment_company_key"),
                    tenancy.constraints.CompanyPolicy(name="complaints_attachment_company_wall"),
                    tenancy.constraints.GlobalReference(
                        field="company", name="complaints_attachment_company_exists"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="ticket", name="complaints_attachment_ticket_in_company"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="by", name="complaints_attachment_by_in_company"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TicketEvent",
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
                        ],
                        max_length=12,
                        verbose_name="what",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="when")),
                ("via", models.CharField(max_length=8, verbose_name="from where")),
                ("address", models.CharField(blank=True, max_length=45)),
                ("data", models.JSONField(default=dict)),
                (
                    "by",
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
                    "ticket",
                    tenancy.fields.CompanyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="complaints.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "event",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["company", "ticket", "at", "id"], name="event_timeline")
                ],
                "constraints": [
                    tenancy.constraints.CompanyPrimaryKey(
                        name="complaints_ticketevent_company_key"
                    ),
                    tenancy.constraints.CompanyPolicy(name="complaints_ticketevent_company_wall"),
                    tenancy.constraints.GlobalReference(
                        field="company", name="complaints_ticketevent_company_exists"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="ticket", name="complaints_ticketevent_ticket_in_company"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="by", name="complaints_ticketevent_by_in_company"
                    ),
                ],
            },
        ),
    ]
