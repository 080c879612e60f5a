"""Improvements: what is done about what is weak, and whether it helped."""

from datetime import timedelta
from decimal import ROUND_CEILING, Decimal
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _now, gettext_lazy as _

from complaints.forms.action import Handlers
from owners.models import Building
from surveys.filters.improvement import STATES, ImprovementFilter
from surveys.forms.improvement import ImprovementForm
from surveys.measuring import Estimate
from surveys.models import Improvement, Stage, Wave
from surveys.questionnaire import read
from surveys.services.improving import NoSuchItem, improve, item_words, scope_of
from surveys.services.improving_values import Item, value_of, values_of, words_of
from tenancy.models import Community
from tenancy.pages import CreatePage, DetailPage, ListPage
from tenancy.permissions import Can

TONES = {"better": "ok", "worse": "late", "unclear": "", "unknown": ""}
WEAKEST = 10
USUAL_DAYS = 30
STEP = Decimal(5)  # how much better is suggested
SHOWN = ("ticket__assignee", "wave", "wave_after", "community", "building")


def shown(row: Improvement) -> Improvement:
    """An improvement with what its card says beside the values."""
    item = Item(row.question, row.row, row.dimension)
    row.words = row.item if item.question else item_words(row.wave, item)  # type: ignore[attr-defined]
    row.tone = TONES.get(row.effect, "")  # type: ignore[attr-defined]
    # Places on a strip of 200: whole numbers, for every language.
    places = {"before": row.value_before, "expected": row.value_expected, "after": row.value_after}
    row.strip = {  # type: ignore[attr-defined]
        name: 10 + round(value * 2) for name, value in places.items() if value is not None
    }
    return row


class ImprovementListPage(ListPage):
    """Every improvement, the newest first."""

    needs = Can.READ_SURVEYS
    title = _("Improvements")
    template_name = "surveys/improvement_list.html"
    filterset_class = ImprovementFilter

    def rows(self) -> QuerySet[Any]:
        visible = Improvement.objects.visible_to(self.me)
        return visible.select_related(*SHOWN).order_by("-created_at", "-id")

    def context(self, **more: Any) -> dict[str, Any]:
        found = super().context(states=STATES, state=self.request.GET.get("state", ""), **more)
        found["rows"] = [shown(row) for row in found["rows"]]
        return found


class ImprovementOfPage(DetailPage):
    """Why a ticket is worked on: what the survey found, what is expected, what came of it."""

    needs = Can.READ_SURVEYS
    model = Improvement
    template_name = "surveys/improvement_detail.html"
    fragment_name = "surveys/improvement_card.html"

    def find(self) -> Any:
        if not hasattr(self, "_row"):
            visible = self.rows().filter(ticket_id=self.kwargs["pk"]).select_related(*SHOWN)
            row = visible.first()
            if row is None:
                raise Http404(_now("There is nothing here."))
            self._row = shown(row)
        return self._row

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        if getattr(self.request, "htmx", False):
            self.template_name = self.fragment_name
        return self.show(title=self.row.words)


class ImprovementAddPage(CreatePage):
    """From a weak item to somebody who does something about it.

    Whoever comes without a wave is shown the waves that were counted, without an item the
    weakest ones.
    """

    needs = Can.IMPROVE
    title = _("Decide on an improvement")
    template_name = "surveys/improvement_add.html"
    form_class = ImprovementForm
    done = _("Decided. It is in the hands of whoever is in charge.")

    def asked(self, name: str, rows: Any) -> Any:
        """The row that the address names; none is none, an unknown one is a 404."""
        value = self.request.GET.get(name, "")
        if not value:
            return None
        try:
            found = rows.filter(pk=UUID(value)).first()
        except ValueError:
            found = None
        if found is None:
            raise Http404(_now("There is nothing here."))
        return found

    def prepare(self) -> None:
        counted = Wave.objects.visible_to(self.me).filter(stage=Stage.COUNTED)
        self.waves = counted.select_related("survey", "edition").order_by("-opens_on", "-id")
        self.wave: Wave | None = self.asked("wave", self.waves)
        self.building: Building | None = self.asked(
            "building", Building.objects.visible_to(self.me).select_related("community")
        )
        self.communities = list(
            Community.objects.visible_to(self.me).in_use().order_by("name", "id")
        )
        self.community = self.building.community if self.building else self.chosen_community()
        self.item = Item.named(self.request.GET.get("item", ""))
        if self.item is not None and self.wave is not None:
            try:
                self.words = item_words(self.wave, self.item)
            except NoSuchItem as missing:
                raise Http404(str(missing)) from missing

    def chosen_community(self) -> Community | None:
        """The one asked for; whoever is limited to some has no results of all of them."""
        found: Community | None = self.asked("community", Community.objects.visible_to(self.me))
        if found is None and not self.me.all_communities:
            found = next(iter(self.communities), None)
            if found is None:
                raise Http404(_now("There is nothing here."))
        return found

    @cached_property
    def before(self) -> Estimate | None:
        """How the item stands now."""
        if self.wave is None or self.item is None:
            return None
        return value_of(self.wave, self.item, scope_of(self.community, self.building))

    def form_arguments(self) -> dict[str, Any]:
        today = self.now.astimezone(ZoneInfo(self.request.company.zone)).date()
        initial: dict[str, Any] = {"due_on": today + timedelta(days=USUAL_DAYS)}
        if self.before is not None:
            rounded = Decimal(self.before.value).quantize(Decimal(1), ROUND_CEILING)
            initial["expected"] = min(rounded + STEP, Decimal(100))
        places = [self.community.pk] if self.community else []
        return {"handlers": Handlers(places), "initial": initial}

    def context(self, **more: Any) -> dict[str, Any]:
        found = super().context(wave=self.wave, item=self.item, before=self.before, **more)
        if self.wave is None:
            return {**found, "waves": list(self.waves[:20])}
        found |= {"community": self.community, "building": self.building}
        if self.item is None:
            return {**found, "weakest": self.weakest(), "communities": self.communities}
        return {**found, "words": self.words, "others": self.others()}

    def weakest(self) -> list[tuple[Item, str, Estimate]]:
        """The items that stand worst there."""
        assert self.wave is not None  # noqa: S101 - asked for with one only
        values = values_of(self.wave, scope_of(self.community, self.building))
        asked = read(self.wave.edition.document)
        found = [(item, words_of(item, asked), value) for item, value in values.items()]
        return [each for each in found if each[1]][:WEAKEST]

    def others(self) -> list[Improvement]:
        """What was decided about the same item before."""
        assert self.item is not None  # noqa: S101 - asked for with one only
        rows = Improvement.objects.visible_to(self.me).filter(
            wave=self.wave,
            question=self.item.question,
            row=self.item.row,
            dimension=self.item.dimension,
        )
        return [shown(row) for row in rows.select_related(*SHOWN).order_by("-id")[:WEAKEST]]

    def act(self, form: Any) -> str:
        if self.wave is None or self.item is None:
            raise NoSuchItem
        row = improve(
            wave=self.wave,
            item=self.item,
            community=self.community,
            building=self.building,
            **form.cleaned_data,
            by=self.actor,
            now=self.now,
        )
        where = {"company": self.request.company.slug, "pk": row.ticket_id}
        return reverse("complaints:ticket_detail", kwargs=where)
