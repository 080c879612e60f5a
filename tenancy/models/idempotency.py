"""A client that sends the same request twice means it once."""

from django.db import models

from tenancy.fields import CompanyForeignKey
from tenancy.models.base import CompanyManager, CompanyModel, CompanyQuerySet


class IdempotencyKey(CompanyModel):
    """The answer to a creating request, kept for a while so that its repetition gets the same."""

    is_exported = False

    membership = CompanyForeignKey("tenancy.Membership", models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)  # SHA-256 of method, path and body
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField()
    kept_until = models.DateTimeField()

    objects = CompanyManager.from_queryset(CompanyQuerySet)()

    class Meta(CompanyModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["company", "membership", "key"], name="one_answer_per_idempotency_key"
            )
        ]
        indexes = [
            # Serves the daily removal of answers that nobody will ask for again.
            models.Index(fields=["company", "kept_until"], name="idempotency_by_end")
        ]

    def __str__(self) -> str:
        return self.key
