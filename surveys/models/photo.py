"""Photographs as answers."""

from typing import TYPE_CHECKING, Self
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.fields import CompanyForeignKey
from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet

if TYPE_CHECKING:
    from tenancy.models import Membership


class BallotPhoto(CompanyModel):
    """A photograph that lies in the box, sealed; or, until it is sent, with its invitation.

    It is apart from the ballot it came with, and a new row, sealed anew, once it is sent.
    """

    is_exported = False

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    wave = CompanyForeignKey("surveys.Wave", models.CASCADE, related_name="+")
    # Only as long as nothing was sent.
    invitation = CompanyForeignKey(
        "surveys.Invitation", models.CASCADE, null=True, blank=True, related_name="photos"
    )
    question = models.CharField(max_length=30)
    sealed = models.TextField(editable=False)

    objects = CompanyManager.from_queryset(CompanyQuerySet)()

    class Meta(CompanyModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["company", "invitation", "question"], name="question_has_one_photo"
            )
        ]
        indexes = [
            # Serves the opening of the box, and what was never sent.
            models.Index(fields=["company", "wave", "id"], name="ballot_photo_of_wave"),
        ]


class ResponsePhotoQuerySet(CompanyQuerySet):
    def visible_to(self, membership: "Membership") -> Self:
        """It is of no place: only for whoever sees all of them."""
        sees_all = membership.is_staff and membership.all_communities
        return self.all() if sees_all else self.none()


class ResponsePhoto(CompanyModel):
    """A photograph that somebody answered with, out of the box: to which question, and no more.

    It hangs on no response: whoever recognises a place in it learns nothing else.
    """

    is_exported = False

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    wave = CompanyForeignKey("surveys.Wave", models.CASCADE, related_name="photos")
    question = models.CharField(max_length=30)
    # WebP. In the row, because a file has a time.
    content = models.BinaryField(_("picture"))

    objects = CompanyManager.from_queryset(ResponsePhotoQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("photograph")
        indexes = [
            # Serves the results of a question.
            models.Index(fields=["company", "wave", "question", "id"], name="photo_by_question")
        ]
