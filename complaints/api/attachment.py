"""Attachments: photos and documents of a ticket."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.http import FileResponse, Http404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema_view
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.api.parts import TicketPartViewSet
from complaints.models import Attachment, Stage
from complaints.services.attaching import LARGEST_BYTES, attach
from complaints.services.working import add_photo
from tenancy.permissions import Can
from tenancy.viewsets import Need, Order, Problem, idempotent, operation

# The parts of a multipart body around its one file.
WRAPPING = 64 * 1024


class NewAttachmentSerializer(serializers.Serializer[Any]):
    """A photo (JPEG, PNG, WebP, GIF) or a PDF; what it is is decided by its content."""

    file = serializers.FileField(max_length=255, allow_empty_file=True)
    stage = serializers.ChoiceField(
        choices=Stage.choices,
        required=False,
        allow_blank=True,
        help_text="Of a photo that shows a job: before or after the work.",
    )


class AttachmentSerializer(serializers.Serializer[Any]):
    """A file of a ticket."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    stage = serializers.ChoiceField(choices=Stage.choices, allow_blank=True)
    by = serializers.UUIDField(allow_null=True)
    at = serializers.DateTimeField()
    url = serializers.URLField(help_text="Its content; asks for the same token.")


class FilePartParser(MultiPartParser):
    """A form with a file, unless it is far too large to be looked at."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        length = (parser_context or {})["request"].META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > LARGEST_BYTES + WRAPPING:
            raise Problem(413)
        return super().parse(stream, media_type, parser_context)


@extend_schema_view(
    list=operation("List the files of a ticket", answers=AttachmentSerializer(many=True))
)
class AttachmentViewSet(TicketPartViewSet):
    """The photos and documents of one ticket."""

    model = Attachment
    parser_classes = (FilePartParser,)
    needs: ClassVar[dict[str, Need]] = {
        "list": Can.READ_TICKETS,
        "create": Can.ATTACH,
        "content": Can.READ_TICKETS,
    }
    orders: ClassVar[dict[str, Order]] = {"at": Order("at")}
    ordering = "at"

    def listed(self, rows: Any) -> Any:
        return rows

    def place(self, row: Attachment) -> tuple[Any, Any]:
        return row.at, row.pk

    def presented(self, rows: Sequence[Any]) -> Sequence[Any]:
        return [self.present(row) for row in rows]

    def present(self, row: Attachment) -> dict[str, Any]:
        kwargs = {**self.kwargs, "pk": row.ticket_id, "attachment": row.pk}
        address = reverse("attachment-content", kwargs=kwargs)
        return {
            "id": row.pk,
            "name": row.name,
            "content_type": row.content_type,
            "size": row.size,
            "width": row.width,
            "height": row.height,
            "stage": row.stage,
            "by": row.by_id,
            "at": row.at,
            "url": self.request.build_absolute_uri(address),
        }

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.page(self.get_queryset())

    @operation(
        "Add a file to a ticket",
        sends={"multipart/form-data": NewAttachmentSerializer},
        answers=AttachmentSerializer,
        status=201,
        more="Photos are stored anew without what they tell about place and device.",
        refusals=(
            "file_type_not_accepted", "file_too_large", "file_empty", "too_many_files",
            "wrong_state",
        ),
    )  # fmt: skip
    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        sent = self.sent(NewAttachmentSerializer)
        stage, facts = sent.get("stage", ""), {"ticket": self.ticket, "upload": sent["file"]}
        if stage and self.member.can(Can.DO_JOBS):
            row = add_photo(stage=stage, **facts, by=self.actor, now=self.now)
        else:
            row = attach(**facts, by=self.actor, now=self.now)
        return Response(self.present(row), status=201)

    @operation(
        "Read the content of a file",
        answers=OpenApiResponse(OpenApiTypes.BINARY, "The file."),
        filters=False,
    )
    def content(self, request: Request, attachment: UUID, *args: Any, **kwargs: Any) -> Any:
        row: Attachment = self.one(self.rows(), attachment)
        try:
            opened = row.file.open("rb")
        except FileNotFoundError:
            raise Http404 from None
        answer = FileResponse(
            opened, as_attachment=True, filename=row.shown_name, content_type=row.content_type
        )
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Cache-Control"] = "private, no-store"
        return answer
