"""Numbers that people read out on the telephone."""

from django.db import models

from tenancy.models.base import CompanyManager, CompanyModel, CompanyQuerySet


class Counter(CompanyModel):
    """The last number given out under a name in a company; a row, because sequences per tenant
    neither scale nor exist on Citus."""

    name = models.CharField(max_length=40)
    value = models.PositiveIntegerField(default=0)

    objects = CompanyManager.from_queryset(CompanyQuerySet)()

    class Meta(CompanyModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["company", "name"], name="one_counter_per_name")
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"
