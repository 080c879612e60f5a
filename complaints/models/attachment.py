"""Photos and documents."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.fields import CompanyForeignKey
from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet

if TYPE_CHECKING:
    from tenancy.models import Membership


def stored_under(attachment: "Attachment", filename: str) -> str:
    """A path that tells nothing: no name of a person, no guessable order."""
    extension = filename.rsplit(".", 1)[-1]
    return f"{attachment.company_id}/{attachment.ticket_id}/{attachment.id}.{extension}"


class Stage(models.TextChoices):
    """When a photo of a job was taken."""

    BEFORE = "before", _("before the work")
    AFTER = "after", _("after the work")


class AttachmentQuerySet(CompanyQuerySet):
    def visible_to(self, membership: "Membership") -> Self:
        from complaints.models.ticket import Ticket  # noqa: PLC0415 - see Deadline

        return self.filter(ticket_id__in=Ticket.objects.visible_to(membership).values("id"))


class Attachment(CompanyModel):
    """A photo or document that belongs to a ticket; handed out only through a checked view."""

    ticket = CompanyForeignKey("complaints.Ticket", related_name="attachments")
    file = models.FileField(_("file"), upload_to=stored_under, max_length=200)
    name = models.CharField(_("name"), max_length=120)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField(_("bytes"))
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    # Of a photo that shows a job; empty for everything else.
    stage = models.CharField(_("taken"), max_length=6, choices=Stage.choices, blank=True)
    by = CompanyForeignKey("tenancy.Membership", null=True, related_name="+")
    at = models.DateTimeField(_("added at"))

    objects = CompanyManager.from_queryset(AttachmentQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("attachment")
        indexes = [
            # Serves the ticket page.
            models.Index(fields=["company", "ticket", "at"], name="attachment_of_ticket")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """The name it came with, and the ending of what it now is."""
        stem = self.name.rsplit(".", 1)[0] or "file"
        return f"{stem}.{str(self.file.name).rsplit('.', 1)[-1]}"
