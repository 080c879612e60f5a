"""When people are asked, and who."""

from typing import TYPE_CHECKING, Self
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from tenancy.fields import CompanyForeignKey
from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet

if TYPE_CHECKING:
    from tenancy.models import Membership


class Stage(models.TextChoices):
    """How far a wave has come."""

    PLANNED = "planned", _("planned")
    OPEN = "open", pgettext_lazy("of a wave", "open")
    # Nobody can answer any more; the box is still shut.
    CLOSED = "closed", pgettext_lazy("of a wave", "closed")
    COUNTED = "counted", _("counted")


class Way(models.TextChoices):
    """The way by which an answer came."""

    PORTAL = "portal", _("portal")
    LINK = "link", _("link")
    PAPER_LINK = "paper_link", _("code on paper")
    PHONE = "phone", _("telephone interview")
    PAPER = "paper", _("paper")


class WaveQuerySet(CompanyQuerySet):
    def visible_to(self, membership: "Membership") -> Self:
        return self.all() if membership.is_staff else self.none()


class Wave(CompanyModel):
    """A wave (期): one edition, asked of certain people for certain days.

    Who has one voice is written down here when it is planned, and nothing changes it afterwards.
    """

    survey = CompanyForeignKey("surveys.Survey", related_name="waves")
    edition = CompanyForeignKey("surveys.Edition", related_name="waves")
    name = models.CharField(_("name"), max_length=60)
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.PLANNED)
    opens_on = models.DateField(_("opens on"))
    # The last day on which one can answer.
    closes_on = models.DateField(_("closes on"))
    one_per = models.CharField(max_length=10)
    # Of how many; nothing: everybody is asked.
    sample_size = models.PositiveIntegerField(_("sample size"), null=True, blank=True)
    # Whoever has it draws the same sample from the same people.
    seed = models.CharField(max_length=32)
    invited = models.PositiveIntegerField(_("invited"), default=0)
    created_at = models.DateTimeField(_("made at"))

    objects = CompanyManager.from_queryset(WaveQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("wave")
        verbose_name_plural = _("waves")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "survey", "name"], name="wave_name_is_unique"
            ),
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")), name="wave_closes_after_it_opens"
            ),
        ]
        indexes = [
            # Serves a survey's waves, the newest first.
            models.Index(fields=["company", "survey", "-opens_on", "-id"], name="wave_newest"),
            # Serves the daily look for waves to open and to close.
            models.Index(
                fields=["company", "opens_on", "closes_on"],
                name="wave_to_move_on",
                condition=Q(stage__in=(Stage.PLANNED, Stage.OPEN)),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class WaveCommunity(CompanyModel):
    """A community in which a wave is asked; a wave with none is asked in all of them."""

    wave = CompanyForeignKey("surveys.Wave", models.CASCADE, related_name="places")
    community = CompanyForeignKey("tenancy.Community", models.CASCADE, related_name="+")

    objects = CompanyManager.from_queryset(CompanyQuerySet)()

    class Meta(CompanyModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["company", "wave", "community"], name="wave_asks_a_community_once"
            )
        ]


class Invitation(CompanyModel):
    """Somebody's right to answer once: a household's or a person's.

    It knows that it was used, never when or with what: there is no time in it finer than a day,
    and nothing in an answer points back.
    """

    wave = CompanyForeignKey("surveys.Wave", models.CASCADE, related_name="invitations")
    unit = CompanyForeignKey("owners.Unit", null=True, blank=True, related_name="+")
    owner = CompanyForeignKey("owners.Owner", null=True, blank=True, related_name="+")
    membership = CompanyForeignKey("tenancy.Membership", null=True, blank=True, related_name="+")
    # Of the unit: response rates are told by building.
    building = CompanyForeignKey("owners.Building", null=True, blank=True, related_name="+")
    # Of the secret in the link; the secret itself is nowhere.
    secret_hash = models.CharField(max_length=64, editable=False)
    is_used = models.BooleanField(_("answered"), default=False)
    # What was answered so far by somebody who wants to go on later; encrypted, gone when sent.
    unfinished = models.TextField(blank=True, default="", editable=False)

    objects = CompanyManager.from_queryset(CompanyQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("invitation")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "secret_hash"], name="invitation_secret_is_unique"
            ),
            models.UniqueConstraint(
                fields=["company", "wave", "unit"],
                name="household_is_invited_once",
                condition=Q(owner=None, membership=None),
            ),
            models.UniqueConstraint(
                fields=["company", "wave", "owner"], name="owner_is_invited_once"
            ),
            models.UniqueConstraint(
                fields=["company", "wave", "membership"], name="member_is_invited_once"
            ),
        ]
        indexes = [
            # Serves the response rate by building, and whom to remind.
            models.Index(fields=["company", "wave", "building", "is_used"], name="invited_by_place")
        ]


class Ballot(CompanyModel):
    """An answer that lies in the box, sealed, until its wave closes (docs/adr/0016)."""

    # Random: a key that tells the time would tell whose it is.
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    wave = CompanyForeignKey("surveys.Wave", models.CASCADE, related_name="ballots")
    sealed = models.TextField(editable=False)

    objects = CompanyManager.from_queryset(CompanyQuerySet)()

    class Meta(CompanyModel.Meta):
        indexes = [
            # Serves the opening of the box, in an order that means nothing.
            models.Index(fields=["company", "wave", "id"], name="ballot_of_wave")
        ]
