import django.contrib.auth.models
import django.contrib.auth.validators
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import tenancy.constraints
import tenancy.fields
import tenancy.models.base


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                (
                    "first_name",
                    models.CharField(blank=True, max_length=150, verbose_name="first name"),
                ),
                (
                    "last_name",
                    models.CharField(blank=True, max_length=150, verbose_name="last name"),
                ),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="email address"),
                ),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="date joined"
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=60, verbose_name="name")),
                (
                    "phone",
                    tenancy.fields.EncryptedTextField(
                        blank=True, default="", verbose_name="mobile phone"
                    ),
                ),
                (
                    "phone_index",
                    models.CharField(editable=False, max_length=64, null=True, unique=True),
                ),
                (
                    "phone_verified",
                    models.BooleanField(default=False, verbose_name="phone verified"),
                ),
                ("language", models.CharField(blank=True, max_length=10, verbose_name="language")),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "abstract": False,
                "constraints": [tenancy.constraints.ReferenceTable(name="tenancy_user_everywhere")],
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="Company",
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
                    "slug",
                    models.SlugField(
                        max_length=40,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z][a-z0-9-]{1,39}$", "Use a–z, 0–9 and hyphens."
                            )
                        ],
                        verbose_name="short name in addresses",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "zone",
                    models.CharField(
                        default="Asia/Shanghai", max_length=40, verbose_name="time zone"
                    ),
                ),
                ("hotline", models.CharField(blank=True, max_length=30, verbose_name="hotline")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
            ],
            options={
                "verbose_name": "company",
                "verbose_name_plural": "companies",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "slug__in",
                                [
                                    "accounts",
                                    "admin",
                                    "api",
                                    "assets",
                                    "company",
                                    "demo",
                                    "docs",
                                    "favicon.ico",
                                    "healthz",
                                    "help",
                                    "i18n",
                                    "login",
                                    "logout",
                                    "mailbox",
                                    "manifest",
                                    "media",
                                    "metrics",
                                    "operator",
                                    "owner",
                                    "portal",
                                    "readyz",
                                    "robots.txt",
                                    "schema",
                                    "security",
                                    "static",
                                    "styleguide",
                                    "support",
                                    "sw.js",
                                    "system",
                                    "www",
                                ],
                            ),
                            _negated=True,
                        ),
                        name="company_slug_is_not_reserved",
                        violation_error_message="This short name is reserved.",
                    ),
                    tenancy.constraints.ReferenceTable(name="tenancy_company_everywhere"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Community",
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
                ("address", models.CharField(blank=True, max_length=120, verbose_name="address")),
                ("hotline", models.CharField(blank=True, max_length=30, verbose_name="hotline")),
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
            ],
            options={
                "verbose_name": "community",
                "verbose_name_plural": "communities",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    tenancy.constraints.CompanyPrimaryKey(name="tenancy_community_company_key"),
                    models.UniqueConstraint(
                        fields=("company", "name"), name="community_name_is_unique"
                    ),
                    tenancy.constraints.CompanyPolicy(name="tenancy_community_company_wall"),
                    tenancy.constraints.GlobalReference(
                        field="company", name="tenancy_community_company_exists"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarDay",
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
                ("on", models.DateField(verbose_name="day")),
                (
                    "periods",
                    models.JSONField(blank=True, default=list, verbose_name="opening periods"),
                ),
                ("note", models.CharField(blank=True, max_length=80, verbose_name="reason")),
                (
                    "community",
                    tenancy.fields.CompanyForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
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
                "verbose_name": "special day",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    tenancy.constraints.CompanyPrimaryKey(name="tenancy_calendarday_company_key"),
                    models.UniqueConstraint(
                        fields=("company", "on", "community"),
                        name="one_special_day_per_community",
                        nulls_distinct=False,
                    ),
                    tenancy.constraints.CompanyPolicy(name="tenancy_calendarday_company_wall"),
                    tenancy.constraints.GlobalReference(
                        field="company", name="tenancy_calendarday_company_exists"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="community", name="tenancy_calendarday_community_in_company"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CompanyCalendar",
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
                ("week", models.JSONField(default=dict, verbose_name="usual week")),
                (
                    "country",
                    models.CharField(
                        default="CN", max_length=2, verbose_name="country of the official calendar"
                    ),
                ),
                (
                    "moves_weekends",
                    models.BooleanField(
                        default=True, verbose_name="keeps moved weekends and make-up workdays"
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
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
                "verbose_name": "working calendar",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    tenancy.constraints.CompanyPrimaryKey(
                        name="tenancy_companycalendar_company_key"
                    ),
                    models.UniqueConstraint(fields=("company",), name="one_calendar_per_company"),
                    tenancy.constraints.CompanyPolicy(name="tenancy_companycalendar_company_wall"),
                    tenancy.constraints.GlobalReference(
                        field="company", name="tenancy_companycalendar_company_exists"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Counter",
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
                ("name", models.CharField(max_length=40)),
                ("value", models.PositiveIntegerField(default=0)),
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
                "constraints": [
                    tenancy.constraints.CompanyPrimaryKey(name="tenancy_counter_company_key"),
                    models.UniqueConstraint(
                        fields=("company", "name"), name="one_counter_per_name"
                    ),
                    tenancy.constraints.CompanyPolicy(name="tenancy_counter_company_wall"),
                    tenancy.constraints.GlobalReference(
                        field="company", name="tenancy_counter_company_exists"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Department",
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
                ("name", models.CharField(max_length=40, verbose_name="name")),
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
            ],
            options={
                "verbose_name": "department",
                "verbose_name_plural": "departments",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    tenancy.constraints.CompanyPrimaryKey(name="tenancy_department_company_key"),
                    models.UniqueConstraint(
                        fields=("company", "name"), name="department_name_is_unique"
                    ),
                    tenancy.constraints.CompanyPolicy(name="tenancy_department_company_wall"),
                    tenancy.constraints.GlobalReference(
                        field="company", name="tenancy_department_company_exists"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("beat_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    tenancy.constraints.ReferenceTable(name="tenancy_heartbeat_everywhere")
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
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
                ("name", models.CharField(max_length=60, verbose_name="name shown in the company")),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("owner", "owner"),
                                ("technician", "technician"),
                                ("desk", "front desk"),
                                ("supervisor", "supervisor"),
                                ("manager", "project manager"),
                                ("admin", "company admin"),
                            ],
                            max_length=12,
                        ),
                        size=None,
                        verbose_name="roles",
                    ),
                ),
                (
                    "all_communities",
                    models.BooleanField(default=True, verbose_name="all communities"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("joined_at", models.DateTimeField(auto_now_add=True, verbose_name="joined at")),
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
                    "user",
                    tenancy.fields.GlobalForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "member",
                "verbose_name_plural": "members",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["user", "company"], name="membership_of_user")],
                "constraints": [
                    tenancy.constraints.CompanyPrimaryKey(name="tenancy_membership_company_key"),
                    models.UniqueConstraint(
                        fields=("company", "user"), name="one_membership_per_company"
                    ),
                    tenancy.constraints.CompanyPolicy(name="tenancy_membership_company_wall"),
                    tenancy.constraints.GlobalReference(
                        field="company", name="tenancy_membership_company_exists"
                    ),
                    tenancy.constraints.GlobalReference(
                        field="user", name="tenancy_membership_user_exists"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IdempotencyKey",
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
                ("key", models.CharField(max_length=200)),
                ("fingerprint", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("body", models.JSONField(null=True)),
                ("created_at", models.DateTimeField()),
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
                "indexes": [
                    models.Index(fields=["company", "created_at"], name="idempotency_by_age")
                ],
                "constraints": [
                    tenancy.constraints.CompanyPrimaryKey(
                        name="tenancy_idempotencykey_company_key"
                    ),
                    models.UniqueConstraint(
                        fields=("company", "membership", "key"),
                        name="one_answer_per_idempotency_key",
                    ),
                    tenancy.constraints.CompanyPolicy(name="tenancy_idempotencykey_company_wall"),
                    tenancy.constraints.GlobalReference(
                        field="company", name="tenancy_idempotencykey_company_exists"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="membership", name="tenancy_idempotencykey_membership_in_company"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DepartmentMember",
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
                ("is_supervisor", models.BooleanField(default=False, verbose_name="supervisor")),
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
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="member_rows",
                        to="tenancy.department",
                    ),
                ),
                (
                    "membership",
                    tenancy.fields.CompanyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="department_rows",
                        to="tenancy.membership",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    tenancy.constraints.CompanyPrimaryKey(
                        name="tenancy_departmentmember_company_key"
                    ),
                    models.UniqueConstraint(
                        fields=("company", "department", "membership"),
                        name="one_place_per_department",
                    ),
                    tenancy.constraints.CompanyPolicy(name="tenancy_departmentmember_company_wall"),
                    tenancy.constraints.GlobalReference(
                        field="company", name="tenancy_departmentmember_company_exists"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="department", name="tenancy_departmentmember_department_in_company"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="membership", name="tenancy_departmentmember_membership_in_company"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
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
                ("subject", models.CharField(max_length=40, verbose_name="about what")),
                ("subject_id", models.UUIDField(null=True)),
                ("detail", models.JSONField(default=dict, verbose_name="details")),
                ("address", models.CharField(blank=True, max_length=60, verbose_name="from where")),
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
            ],
            options={
                "verbose_name": "audit entry",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["company", "-at", "id"], name="audit_newest_first")
                ],
                "constraints": [
                    tenancy.constraints.CompanyPrimaryKey(name="tenancy_auditentry_company_key"),
                    tenancy.constraints.CompanyPolicy(name="tenancy_auditentry_company_wall"),
                    tenancy.constraints.GlobalReference(
                        field="company", name="tenancy_auditentry_company_exists"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="by", name="tenancy_auditentry_by_in_company"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
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
                ("name", models.CharField(max_length=60, verbose_name="what it is for")),
                ("prefix", models.CharField(max_length=8, verbose_name="begins with")),
                ("digest", models.CharField(editable=False, max_length=64)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("read", "read"),
                                ("write", "read and write"),
                                ("personal", "see personal data in clear"),
                            ],
                            max_length=10,
                        ),
                        size=None,
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="made at")),
                (
                    "expires_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="valid until"),
                ),
                (
                    "last_used_on",
                    models.DateField(blank=True, null=True, verbose_name="last used on"),
                ),
                (
                    "revoked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="revoked at"),
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
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.membership",
                    ),
                ),
            ],
            options={
                "verbose_name": "API token",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    tenancy.constraints.CompanyPrimaryKey(name="tenancy_apitoken_company_key"),
                    models.UniqueConstraint(
                        fields=("company", "digest"), name="token_digest_is_unique"
                    ),
                    tenancy.constraints.CompanyPolicy(name="tenancy_apitoken_company_wall"),
                    tenancy.constraints.GlobalReference(
                        field="company", name="tenancy_apitoken_company_exists"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="membership", name="tenancy_apitoken_membership_in_company"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MembershipCommunity",
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
                (
                    "membership",
                    tenancy.fields.CompanyForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="community_rows",
                        to="tenancy.membership",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    tenancy.constraints.CompanyPrimaryKey(
                        name="tenancy_membershipcommunity_company_key"
                    ),
                    models.UniqueConstraint(
                        fields=("company", "membership", "community"), name="one_row_per_community"
                    ),
                    tenancy.constraints.CompanyPolicy(
                        name="tenancy_membershipcommunity_company_wall"
                    ),
                    tenancy.constraints.GlobalReference(
                        field="company", name="tenancy_membershipcommunity_company_exists"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="membership", name="tenancy_membershipcommunity_membership_in_company"
                    ),
                    tenancy.constraints.CompanyReference(
                        field="community", name="tenancy_membershipcommunity_community_in_company"
                    ),
                ],
            },
        ),
    ]
