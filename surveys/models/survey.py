"""What people are asked."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from tenancy.fields import CompanyForeignKey
from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet

if TYPE_CHECKING:
    from tenancy.models import Membership


class Audience(models.TextChoices):
    """Of whom something is asked."""

    OWNERS = "owners", _("owners and residents")
    STAFF = "staff", _("staff")


class OnePer(models.TextChoices):
    """Who has one voice."""

    HOUSEHOLD = "household", pgettext_lazy("one answer for each", "household")
    PERSON = "person", pgettext_lazy("one answer for each", "person")


class SurveyQuerySet(CompanyQuerySet):
    def visible_to(self, membership: "Membership") -> Self:
        """Staff see what is asked; owners see a questionnaire when they are invited."""
        return self.all() if membership.is_staff else self.none()


class Survey(CompanyModel):
    """A survey (问卷): what is asked, and of whom. Nobody ever learns who said what."""

    title = models.CharField(_("title"), max_length=100)
    # language → {"of": the title it was made of, "text": the title in that language}
    titles = models.JSONField(_("title in other languages"), default=dict, db_default={})
    audience = models.CharField(
        _("audience"), max_length=10, choices=Audience.choices, default=Audience.OWNERS
    )
    one_per = models.CharField(
        _("one answer for each"), max_length=10, choices=OnePer.choices, default=OnePer.HOUSEHOLD
    )
    # The one it is written in; the others are translations.
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    # Asked again so many months after it was asked; nothing: only when somebody says so.
    repeats_months = models.PositiveSmallIntegerField(
        _("asked again after months"), null=True, blank=True
    )
    open_days = models.PositiveSmallIntegerField(_("days to answer"), default=14, db_default=14)
    is_archived = models.BooleanField(_("archived"), default=False)
    created_at = models.DateTimeField(_("made at"))

    objects = CompanyManager.from_queryset(SurveyQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        constraints = [
            models.UniqueConstraint(fields=["company", "title"], name="survey_title_is_unique"),
            # A household of staff there is not.
            models.CheckConstraint(
                condition=Q(audience=Audience.OWNERS) | Q(one_per=OnePer.PERSON),
                name="staff_answer_one_by_one",
            ),
        ]
        indexes = [
            # Serves the list of surveys, the newest first.
            models.Index(fields=["company", "-created_at", "-id"], name="survey_newest"),
        ]

    def __str__(self) -> str:
        return self.title


class EditionQuerySet(CompanyQuerySet):
    def visible_to(self, membership: "Membership") -> Self:
        return self.all() if membership.is_staff else self.none()


class Edition(CompanyModel):
    """One version of a questionnaire (版本); with its first answer it is frozen for good.

    `document` is what `surveys.questionnaire.read` takes; while it is being written it may have
    faults, and is not asked.
    """

    survey = CompanyForeignKey("surveys.Survey", related_name="editions")
    number = models.PositiveIntegerField(_("edition"))
    document = models.JSONField(_("questionnaire"))
    is_sound = models.BooleanField(_("can be asked"), default=True)
    frozen_on = models.DateField(_("frozen on"), null=True, blank=True)
    changed_at = models.DateTimeField(_("changed at"))

    objects = CompanyManager.from_queryset(EditionQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        constraints = [
            # Its index serves a survey's newest edition too.
            models.UniqueConstraint(
                fields=["company", "survey", "number"], name="edition_number_is_unique"
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)
