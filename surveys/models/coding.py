"""What texts are about."""

from django.db import models

from tenancy.fields import CompanyForeignKey
from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet


class TextCode(CompanyModel):
    """Somebody has read a text of an answer and put it to a category of the company (编码).

    It knows neither who nor when: what is done to one text says nothing about the next.
    """

    is_exported = False

    wave = CompanyForeignKey("surveys.Wave", models.CASCADE, related_name="+")
    mark = CompanyForeignKey("surveys.ResponseMark", models.CASCADE, related_name="codes")
    category = CompanyForeignKey("complaints.Category", related_name="+")

    objects = CompanyManager.from_queryset(CompanyQuerySet)()

    class Meta(CompanyModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["company", "mark", "category"], name="text_is_coded_once"
            )
        ]
        indexes = [
            # Serves the texts of a category, and how many there are.
            models.Index(fields=["company", "wave", "category", "mark"], name="code_by_category")
        ]
