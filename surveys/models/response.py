"""What people said."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from surveys.models.wave import Way
from tenancy.fields import CompanyForeignKey
from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet


class Response(CompanyModel):
    """One filled-in questionnaire (答卷), out of the box: where it came from, never from whom."""

    is_exported = False

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    wave = CompanyForeignKey("surveys.Wave", models.CASCADE, related_name="responses")
    # Only where at least five have it in common, see `surveys.services.box`.
    community = CompanyForeignKey("tenancy.Community", null=True, blank=True, related_name="+")
    building = CompanyForeignKey("owners.Building", null=True, blank=True, related_name="+")
    group = models.CharField(_("group"), max_length=60, blank=True, default="", db_default="")
    way = models.CharField(_("way"), max_length=10, choices=Way.choices, blank=True)

    objects = CompanyManager.from_queryset(CompanyQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("response")
        indexes = [
            # Serves the results of a wave, in all and by place. Nothing is looked up by company
            # alone here, so that a mark that is checked against its response has one way, the key:
            # where the database knows of no rows yet, it takes any index of the company for it.
            models.Index(fields=["wave", "building"], include=["company"], name="response_of_wave")
        ]


class ResponseMark(CompanyModel):
    """One thing that one response says: a rating, a choice, a place in a ranking, a text."""

    is_exported = False

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    response = CompanyForeignKey("surveys.Response", models.CASCADE, related_name="marks")
    # The response's wave again, so that results need no join.
    wave = CompanyForeignKey("surveys.Wave", models.CASCADE, related_name="+")
    question = models.CharField(max_length=30)
    row = models.CharField(max_length=30, blank=True, default="")
    choice = models.CharField(max_length=30, blank=True, default="")
    number = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    text = models.TextField(blank=True, default="")
    # The text, folded: what somebody types finds what somebody else wrote.
    search_text = models.TextField(blank=True, default="", db_default="", editable=False)

    objects = CompanyManager.from_queryset(CompanyQuerySet)()

    class Meta(CompanyModel.Meta):
        indexes = [
            # Serves the results of one question.
            models.Index(
                fields=["company", "wave", "question", "row", "choice", "number"],
                name="mark_by_question",
            ),
            # Serves what one response says.
            models.Index(fields=["company", "response"], name="mark_of_response"),
        ]
