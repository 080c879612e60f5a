"""What was asked well once."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet

if TYPE_CHECKING:
    from tenancy.models import Membership

LONGEST_TOPIC = 40


class BankQuestionQuerySet(CompanyQuerySet):
    def visible_to(self, membership: "Membership") -> Self:
        return self.all() if membership.is_staff else self.none()


class BankQuestion(CompanyModel):
    """A question kept for later (题库), with its choices and translations.

    Surveys take a copy: whatever becomes of it here, what was asked stays as it was.
    """

    topic = models.CharField(_("topic"), max_length=LONGEST_TOPIC, blank=True)
    # The one it is written in.
    language = models.CharField(_("language"), max_length=10)
    # As in a questionnaire, without conditions.
    question = models.JSONField(_("question"))
    translations = models.JSONField(_("translations"), default=dict)
    # Everything that it says in any language, to be searched.
    words = models.TextField(editable=False)
    # Of what it asks, in whatever survey it was found.
    fingerprint = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(_("made at"))

    objects = CompanyManager.from_queryset(BankQuestionQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("question of the bank")
        verbose_name_plural = _("questions of the bank")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "fingerprint"], name="bank_keeps_a_question_once"
            ),
        ]
        indexes = [
            # Serves the bank, the newest first; a search reads all of it, it has a limit.
            models.Index(fields=["company", "-created_at", "-id"], name="bank_newest"),
        ]

    def __str__(self) -> str:
        return str(self.question.get("text", ""))
