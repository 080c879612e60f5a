"""How good the service is in the eyes of those who were asked, as figures with their margins."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from surveys.questionnaire import Dimension
from tenancy.fields import CompanyForeignKey
from tenancy.models import CompanyManager, CompanyModel, CompanyQuerySet

if TYPE_CHECKING:
    from tenancy.models import Membership


class IndexWeightsQuerySet(CompanyQuerySet):
    def visible_to(self, membership: "Membership") -> Self:
        return self.all() if membership.is_staff else self.none()


class IndexWeights(CompanyModel):
    """How much each dimension counts (权重), in percent: one version, for the waves measured from
    then on. A version is never changed: what was measured with it stays explained."""

    append_only = True

    number = models.PositiveIntegerField(_("version"))
    reliability = models.PositiveSmallIntegerField(_("reliability"))
    responsiveness = models.PositiveSmallIntegerField(_("responsiveness"))
    assurance = models.PositiveSmallIntegerField(_("assurance"))
    empathy = models.PositiveSmallIntegerField(_("empathy"))
    tangibles = models.PositiveSmallIntegerField(_("tangibles"))
    created_at = models.DateTimeField(_("made at"))
    # None: the portal itself, before anybody had weights of their own.
    by = CompanyForeignKey("tenancy.Membership", models.PROTECT, null=True, related_name="+")

    objects = CompanyManager.from_queryset(IndexWeightsQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("weights of the index")
        verbose_name_plural = _("weights of the index")
        constraints = [
            # Its index serves the newest version too.
            models.UniqueConstraint(fields=["company", "number"], name="weights_number_is_unique"),
            models.CheckConstraint(
                condition=Q(
                    reliability=100
                    - F("responsiveness")
                    - F("assurance")
                    - F("empathy")
                    - F("tangibles")
                ),
                name="weights_are_a_whole",
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def by_dimension(self) -> dict[str, int]:
        """Each dimension's share in percent, in the order in which they are always told."""
        return {each.value: getattr(self, each.value) for each in Dimension}


class IndexReportQuerySet(CompanyQuerySet):
    def visible_to(self, membership: "Membership") -> Self:
        return self.all() if membership.is_staff else self.none()


class IndexReport(CompanyModel):
    """What was measured of one wave (测评报告), how, and which items move the whole."""

    wave = CompanyForeignKey("surveys.Wave", models.CASCADE, related_name="index_reports")
    weights = CompanyForeignKey("surveys.IndexWeights", models.PROTECT, related_name="+")
    # Why there is no index, e.g. because nothing was asked of any dimension; empty: there is one.
    finding = models.CharField(max_length=30, blank=True, default="")
    # How intervals were made, see `surveys.measuring`.
    method = models.CharField(max_length=30)
    answered = models.PositiveIntegerField()
    population = models.PositiveIntegerField()
    strata = models.PositiveIntegerField()
    # Strata that had to be counted together with a neighbour.
    merged = models.PositiveIntegerField(default=0)
    # What it is held against: the wave before, if that was measured.
    before = CompanyForeignKey("surveys.Wave", null=True, related_name="+")
    # Whether other items made the index then: new ones, or without some.
    items_differ = models.BooleanField(default=False)
    # What the analysis of drivers found, as `surveys.services.index_drivers` writes it.
    drivers = models.JSONField(default=dict)
    measured_on = models.DateField()

    objects = CompanyManager.from_queryset(IndexReportQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("index report")
        constraints = [
            models.UniqueConstraint(fields=["company", "wave"], name="wave_is_measured_once"),
        ]

    def __str__(self) -> str:
        return str(self.wave_id)


class Place(models.TextChoices):
    """Of whom a figure tells."""

    ALL = "all", _("everybody asked")
    COMMUNITY = "community", _("community")
    BUILDING = "building", _("building")
    GROUP = "group", _("group")


class IndexFigureQuerySet(CompanyQuerySet):
    def visible_to(self, membership: "Membership") -> Self:
        """Those of the communities they look after; of everybody only to who looks after all."""
        if not membership.is_staff:
            return self.none()
        if membership.all_communities:
            return self.all()
        return self.filter(community_id__in=membership.community_ids())


class IndexFigure(CompanyModel):
    """One figure of the index (指数): the whole or a dimension, of everybody or of one place.

    From 0 to 100, with its 95 % interval, and the change since the wave before. There is none of
    a place where it would tell of fewer than five (`surveys.services.cells`).
    """

    report = CompanyForeignKey("surveys.IndexReport", models.CASCADE, related_name="figures")
    wave = CompanyForeignKey("surveys.Wave", models.CASCADE, related_name="+")
    place = models.CharField(max_length=10, choices=Place.choices)
    # Of the community or the building, or the group's label; empty: everybody.
    key = models.CharField(max_length=60, blank=True, default="")
    label = models.CharField(max_length=130, blank=True, default="")  # as it was called then
    # Whose it is: who looks after other communities does not see it.
    community = CompanyForeignKey("tenancy.Community", models.CASCADE, null=True, related_name="+")
    # Empty: the whole.
    dimension = models.CharField(max_length=20, blank=True, default="")
    value = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    error = models.FloatField()  # the standard error
    freedom = models.FloatField()  # its degrees of freedom
    answered = models.PositiveIntegerField()
    population = models.PositiveIntegerField()
    # Of a dimension: its items with their mean marks.
    items = models.JSONField(default=list)
    # Against the wave before, where there is such a figure of it.
    was = models.FloatField(null=True)
    change_low = models.FloatField(null=True)
    change_high = models.FloatField(null=True)
    # How probable a change at least as large is when nothing has changed (two-sided p).
    chance = models.FloatField(null=True)
    # What may be said of it: `surveys.measuring.Verdict`.
    verdict = models.CharField(max_length=20, blank=True, default="")

    objects = CompanyManager.from_queryset(IndexFigureQuerySet)()

    class Meta(CompanyModel.Meta):
        verbose_name = _("index figure")
        constraints = [
            # Serves the page of a wave and, wave by wave, the trend of a survey.
            models.UniqueConstraint(
                fields=["company", "wave", "place", "key", "dimension"],
                name="one_index_figure_per_cell",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value:.1f}"

    @property
    def width(self) -> float:
        """Of its interval, in points."""
        return self.high - self.low

    @property
    def change(self) -> float:
        """In points since the wave before; meant where there is a verdict on it."""
        return self.value - (self.was or 0)

    @property
    def fall(self) -> float:
        return -self.change
