"""The tenant."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.constraints import ReferenceTable
from tenancy.models.base import uuid7

# First path segments that are pages of the installation, so no company can be called that.
RESERVED_SLUGS = frozenset({
    "accounts", "admin", "api", "assets", "company", "demo", "docs", "favicon.ico", "healthz",
    "help", "i18n", "login", "logout", "mailbox", "manifest", "media", "metrics", "operator",
    "owner", "portal", "readyz", "robots.txt", "schema", "security", "static", "styleguide",
    "support", "sw.js", "system", "www",
})  # fmt: skip


class CompanyQuerySet(models.QuerySet["Company"]):
    def active(self) -> "CompanyQuerySet":
        return self.filter(is_active=True)


class Company(models.Model):
    """A property management company (物业公司): the tenant everything else belongs to.

    It holds only what a visitor of its sign-in page may know; everything else about a company
    lies behind row security.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(
        _("short name in addresses"),
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^[a-z][a-z0-9-]{1,39}$", _("Use a–z, 0–9 and hyphens."))],
    )
    name = models.CharField(_("name"), max_length=80)
    zone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")
    hotline = models.CharField(_("hotline"), max_length=30, blank=True)
    # For visitors and letters, until a person has chosen a language of their own.
    language = models.CharField(_("language"), max_length=10, blank=True)
    # As chosen, e.g. #0c6955; what is shown is made of it by `tenancy.services.contrast`.
    colour = models.CharField(
        _("colour"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^#[0-9a-f]{6}$", _("Write a colour like #0c6955."))],
    )
    # The version of `CompanyLogo` in force; empty when there is none.
    logo = models.CharField(max_length=16, blank=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    # What its members read meanwhile.
    suspended_because = models.CharField(
        _("why it is suspended"), max_length=300, blank=True, db_default="", default=""
    )
    # From then on nobody of its staff gets in without a second factor; empty: it is up to them.
    second_factor_from = models.DateTimeField(_("second factor from"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(slug__in=sorted(RESERVED_SLUGS)),
                name="company_slug_is_not_reserved",
                violation_error_message=_("This short name is reserved."),
            ),
            ReferenceTable(name="tenancy_company_everywhere"),
        ]

    def __str__(self) -> str:
        return self.name
