"""When people are asked, and who."""

from typing import TYPE_CHECKING, Self
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from surveys.models.survey import Audience
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


def usual_reminders() -> list[int]:
    """After how many days whoever has not answered yet is reminded."""
    return [4, 9]


class ToldBy(models.TextChoices):
    """The way by which somebody was told that they are asked."""

    INBOX = "inbox", _("portal")
    SMS = "sms", _("SMS")
    EMAIL = "email", _("e-mail")
    # They have neither an account nor a number or address in the archive.
    NOBODY = "nobody", _("nobody to write to")


class WaveQuerySet(CompanyQuerySet):
    def visible_to(self, membership: "Membership") -> Self:
        """Staff see what is asked in their communities, and what all owners are asked.

        What staff are asked is of no community: only those see it who look after all of them.
        """
        if not membership.is_staff:
            return self.none()
        if membership.all_communities:
            return self.all()
        places = WaveCommunity.objects.filter(wave_id=OuterRef("pk"))
        theirs = places.filter(community_id__in=membership.community_ids())
        everywhere = Q(survey__audience=Audience.OWNERS) & ~Exists(places)
        return self.filter(everywhere | Exists(theirs))


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
    # A quota: so many answers of one building are taken; nothing: all of them.
    most_per_building = models.PositiveIntegerField(_("most of a building"), null=True, blank=True)
    remind_after_days = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("reminders"), default=usual_reminders
    )
    invited = models.PositiveIntegerField(_("invited"), default=0)
    # When the letters were written; reminders are counted from then on.
    told_on = models.DateField(_("told on"), null=True, blank=True, editable=False)
    # Which of the reminders was the last, by its days.
    reminded_after = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    # Whether everything that follows has been worked out; of a planned wave: that it was missed.
    is_reckoned = models.BooleanField(default=False, db_default=False)
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
            models.CheckConstraint(
                condition=Q(sample_size=None) | Q(sample_size__gt=0), name="wave_samples_somebody"
            ),
            models.CheckConstraint(
                condition=Q(most_per_building=None) | Q(most_per_building__gt=0),
                name="wave_takes_an_answer_of_a_building",
            ),
        ]
        indexes = [
            # Serves a survey's waves, the newest first.
            models.Index(fields=["company", "survey", "-opens_on", "-id"], name="wave_newest"),
            # Serves the look for waves to open, to remind of, to close and to reckon.
            models.Index(
                fields=["company", "opens_on", "closes_on"],
                name="wave_to_move_on",
                condition=Q(is_reckoned=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_missed(self) -> bool:
        """Whether its days have passed and nobody was asked."""
        return self.stage == Stage.PLANNED and self.is_reckoned


class WaveCommunity(CompanyModel):
    """A community in which a wave is asked, as its parts say.

    A wave with none is asked in all of them.
    """

    wave = CompanyForeignKey("surveys.Wave", models.CASCADE, related_name="places")
    community = CompanyForeignKey("tenancy.Community", models.CASCADE, related_name="+")

    objects = CompanyManager.from_queryset(CompanyQuerySet)()

    class Meta(CompanyModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["company", "wave", "community"], name="wave_asks_a_community_once"
            )
        ]


class WavePart(CompanyModel):
    """A part of whom a wave asks: a building, a department, whoever filed a ticket about lifts.

    Several parts of one source are joined by "or", several sources by "and"; what they mean is
    known to `surveys.services.audiences`. A wave with none asks everybody.
    """

    wave = CompanyForeignKey("surveys.Wave", models.CASCADE, related_name="parts")
    source = models.CharField(max_length=30)
    key = models.CharField(max_length=64)
    # How far back, where the source asks what somebody did.
    months = models.PositiveSmallIntegerField(_("months"), null=True, blank=True)

    objects = CompanyManager.from_queryset(CompanyQuerySet)()

    class Meta(CompanyModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["company", "wave", "source", "key"], name="wave_part_is_named_once"
            )
        ]


class WaveStratum(CompanyModel):
    """A stratum (层) of a wave: the people of one group in one building, as it was opened.

    How many there were before anybody was drawn is what an answer from here is weighed by.
    """

    wave = CompanyForeignKey("surveys.Wave", models.CASCADE, related_name="strata")
    community = CompanyForeignKey("tenancy.Community", null=True, blank=True, related_name="+")
    building = CompanyForeignKey("owners.Building", null=True, blank=True, related_name="+")
    # The department of staff; empty where nothing tells people apart.
    group = models.CharField(_("group"), max_length=60, blank=True)
    population = models.PositiveIntegerField(_("population"))
    invited = models.PositiveIntegerField(_("invited"))

    objects = CompanyManager.from_queryset(CompanyQuerySet)()

    class Meta(CompanyModel.Meta):
        constraints = [
            # Its index serves all strata of a wave, and those of a building.
            models.UniqueConstraint(
                fields=["company", "wave", "building", "group"],
                name="stratum_is_counted_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(invited__lte=F("population")), name="stratum_invites_its_own"
            ),
        ]


class InvitationQuerySet(CompanyQuerySet):
    def visible_to(self, membership: "Membership") -> Self:
        """Staff see who is invited in their communities."""
        if not membership.is_staff:
            return self.none()
        if membership.all_communities:
            return self.all()
        return self.filter(building__community_id__in=membership.community_ids())


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
    # Of the stratum, by its name on the day of the invitation.
    group = models.CharField(_("group"), max_length=60, blank=True, default="", db_default="")
    # Of the secret in the link; the secret itself is nowhere.
    secret_hash = models.CharField(max_length=64, editable=False)
    is_used = models.BooleanField(_("answered"), default=False)
    # Empty until the letters are written.
    told_by = models.CharField(
        max_length=10,
        choices=ToldBy.choices,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    # What was answered so far by somebody who wants to go on later; encrypted, gone when sent.
    unfinished = models.TextField(blank=True, default="", editable=False)

    objects = CompanyManager.from_queryset(InvitationQuerySet)()

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
            # Serves the response rate by building and group, and whom to remind.
            models.Index(
                fields=["company", "wave", "building", "group", "is_used"], name="invited_by_place"
            )
        ]


class Ballot(CompanyModel):
    """An answer that lies in the box, sealed, until its wave closes (docs/adr/0016)."""

    is_exported = False

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
