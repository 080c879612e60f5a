"""What a person is in one company."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenancy.fields import CompanyForeignKey, EncryptedTextField, GlobalForeignKey
from tenancy.models.base import CompanyManager, CompanyModel, CompanyQuerySet
from tenancy.permissions import INSIDE_ROLES, STAFF_ROLES, Can, Role, allowed


def roles_field() -> Any:
    return ArrayField(
        models.CharField(max_length=12, choices=Role.choices), verbose_name=_("roles")
    )


class MembershipQuerySet(CompanyQuerySet):
    def active(self) -> Self:
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=timezone.now()), is_active=True)

    def staff(self) -> Self:
        return self.filter(roles__overlap=sorted(STAFF_ROLES))

    def with_role(self, role: Role) -> Self:
        return self.filter(roles__contains=[role.value])

    def visible_to(self, membership: "Membership") -> Self:
        if membership.is_staff:
            return self.staff()
        return self.filter(id=membership.id)


class Membership(CompanyModel):
    """A person in one company: their roles, communities and departments. Every assignee is one."""

    user = GlobalForeignKey("tenancy.User", related_name="+", verbose_name=_("person"))
    name = models.CharField(_("name shown in the company"), max_length=60)
    roles = roles_field()
    all_communities = models.BooleanField(_("all communities"), default=True)
    is_active = models.BooleanField(_("active"), default=True)
    # What colleagues call them on, given by the company; the phone they sign in with is their own.
    work_phone = EncryptedTextField(_("work phone"), blank=True, db_default="", default="")
    joined_at = models.DateTimeField(_("joined at"), auto_now_add=True)
    # From then on they are no member any more, whatever `is_active` says. Only operators of the
    # platform have one, see `PlatformAccess`.
    ends_at = models.DateTimeField(_("ends at"), null=True, editable=False)

    objects = CompanyManager.from_queryset(MembershipQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(fields=["company", "user"], name="one_membership_per_company")
        ]
        indexes = [
            # Serves `tenancy_companies_of`: which companies a person belongs to.
            models.Index(fields=["user", "company"], name="membership_of_user")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        """Whether they see the side of the company, rather than that of the owners."""
        return not INSIDE_ROLES.isdisjoint(self.roles)

    @property
    def is_platform(self) -> bool:
        """Whether they are an operator of the platform, here for a while."""
        return Role.PLATFORM.value in self.roles

    def has_ended(self, now: datetime) -> bool:
        """Whether the time of a visit is over."""
        return self.ends_at is not None and self.ends_at <= now

    def can(self, action: Can) -> bool:
        """The second wall: whether any of their roles may do this."""
        return action in allowed(tuple(self.roles))

    def community_ids(self) -> list[UUID]:
        """The communities they are limited to. One query, then remembered."""
        return self._remember(
            "_communities",
            MembershipCommunity.objects.filter(membership_id=self.id).values_list(
                "community_id", flat=True
            ),
        )

    def department_ids(self) -> list[UUID]:
        """The departments they belong to. One query, then remembered."""
        from tenancy.models.department import DepartmentMember  # noqa: PLC0415 - same floor, circular

        return self._remember(
            "_departments",
            DepartmentMember.objects.filter(membership_id=self.id).values_list(
                "department_id", flat=True
            ),
        )

    def _remember(self, name: str, ids: Any) -> list[UUID]:
        if name not in self.__dict__:
            self.__dict__[name] = list(ids)
        found: list[UUID] = self.__dict__[name]
        return found


class MembershipCommunity(CompanyModel):
    """One community that a member without `all_communities` looks after."""

    membership = CompanyForeignKey(
        "tenancy.Membership", models.CASCADE, related_name="community_rows"
    )
    community = CompanyForeignKey("tenancy.Community", models.CASCADE, related_name="+")

    objects = CompanyManager.from_queryset(CompanyQuerySet)()

    class Meta(CompanyModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["company", "membership", "community"], name="one_row_per_community"
            )
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} in {self.community_id}"
