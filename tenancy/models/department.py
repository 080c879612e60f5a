"""Who does what kind of work."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.fields import CompanyForeignKey
from tenancy.models.base import CompanyManager, CompanyModel, CompanyQuerySet

if TYPE_CHECKING:
    from tenancy.models.membership import Membership


class DepartmentQuerySet(CompanyQuerySet):
    def visible_to(self, membership: "Membership") -> Self:
        return self.all()  # the names of departments are no secret inside a company


class Department(CompanyModel):
    """A department (部门) that tickets are handed to, e.g. engineering or cleaning."""

    name = models.CharField(_("name"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    objects = CompanyManager.from_queryset(DepartmentQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        constraints = [
            models.UniqueConstraint(fields=["company", "name"], name="department_name_is_unique")
        ]

    def __str__(self) -> str:
        return self.name


class DepartmentMember(CompanyModel):
    """Somebody's place in a department; a supervisor answers for what is late there."""

    department = CompanyForeignKey("tenancy.Department", models.CASCADE, related_name="member_rows")
    membership = CompanyForeignKey(
        "tenancy.Membership", models.CASCADE, related_name="department_rows"
    )
    is_supervisor = models.BooleanField(_("supervisor"), default=False)

    objects = CompanyManager.from_queryset(CompanyQuerySet)()

    class Meta(CompanyModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["company", "department", "membership"], name="one_place_per_department"
            )
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} in {self.department_id}"
