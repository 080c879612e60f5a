"""What is often said."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenancy.fields import CompanyForeignKey
from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet

if TYPE_CHECKING:
    from tenancy.models import Membership

LONGEST_TITLE = 60
LONGEST_ANSWER = 2000


class AnswerQuerySet(CompanyQuerySet):
    def visible_to(self, membership: "Membership") -> Self:
        """Whoever works here may say it; owners read it once somebody has."""
        return self.all() if membership.is_staff else self.none()

    def in_order(self) -> Self:
        """Category by category, what fits every one first."""
        return self.order_by(
            F("category__position").asc(nulls_first=True), "category_id", "title", "id"
        )


class Answer(CompanyModel):
    """A prepared answer (常用回复): words that the company stands by, to be put into a message
    or a note of a call and changed there."""

    title = models.CharField(_("what it is for"), max_length=LONGEST_TITLE)
    # With places for the owner's name and the like, see `complaints.services.answer`.
    text = models.TextField(_("text"), max_length=LONGEST_ANSWER)
    category = CompanyForeignKey(
        "complaints.Category",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("category"),
    )
    # Of the text; empty where it is the company's own.
    language = models.CharField(_("language"), max_length=10, blank=True)

    objects = CompanyManager.from_queryset(AnswerQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("prepared answer")
        verbose_name_plural = _("prepared answers")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "title", "language"], name="one_answer_of_a_title"
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(text=""), name="answer_says_something"
            ),
        ]

    def __str__(self) -> str:
        return self.title
