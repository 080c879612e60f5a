"""The communities and what stands in them, for the admin."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _now, gettext_lazy as _

from owners.forms.place import UnitRangeForm
from owners.models import Building
from owners.services.place import add_units, how_many, known_among, refuse_range
from tenancy.forms.structure import CommunityChangeForm, CommunityForm
from tenancy.models import Community
from tenancy.pages import CreatePage, DetailPage, EditPage, ListPage
from tenancy.permissions import Can
from tenancy.services.refusal import Refused
from tenancy.services.structure import add_community, change_community
from tenancy.views.guided import Guided


class CommunityListPage(ListPage):
    """Every community with how much stands in it."""

    needs = Can.SET_STRUCTURE
    title = _("Communities and units")
    template_name = "owners/community_list.html"

    def rows(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = Community.objects.visible_to(self.me)
        return rows.order_by("-is_active", "name", "id")

    def context(self, **more: Any) -> dict[str, Any]:
        context = super().context(**more)
        counts = how_many(row.pk for row in context["rows"])
        for row in context["rows"]:
            row.buildings_count, row.units_count = counts[row.pk]
        return context


class CommunityAddPage(Guided, CreatePage):
    """Takes a community on, and goes on to its buildings."""

    needs = Can.SET_STRUCTURE
    title = _("Add a community")
    template_name = "owners/community_form.html"
    form_class = CommunityForm

    def act(self, form: Any) -> str:
        row = add_community(**form.cleaned_data, by=self.actor, now=self.now)
        kwargs = {"company": self.request.company.slug, "pk": row.pk}
        way = "?guide" if "guide" in self.request.GET else ""
        return reverse("owners:unit_range", kwargs=kwargs) + way


class OneCommunity(DetailPage):
    """What the pages about one community share."""

    needs = Can.SET_STRUCTURE
    model = Community

    def at(self, name: str) -> str:
        kwargs = {"company": self.request.company.slug, "pk": self.kwargs["pk"]}
        return reverse(f"owners:{name}", kwargs=kwargs)


class CommunityPage(OneCommunity, EditPage):
    """A community: its facts, and its buildings."""

    template_name = "owners/community_detail.html"
    form_class = CommunityChangeForm
    done = _("Saved.")

    def form_arguments(self) -> dict[str, Any]:
        names = ("name", "address", "hotline", "is_active")
        return {"initial": {name: getattr(self.row, name) for name in names}}

    def context(self, **more: Any) -> dict[str, Any]:
        buildings = (
            Building.objects.visible_to(self.me)
            .filter(community=self.row)
            .annotate(units_count=Count("units", filter=Q(units__is_active=True)))
            .order_by("-is_active", "position", "name")
        )
        return super().context(**{"title": self.row.name, "buildings": list(buildings), **more})

    def act(self, form: Any) -> str:
        change_community(community=self.row, **form.cleaned_data, by=self.actor, now=self.now)
        return self.at("community")


class UnitRangePage(Guided, OneCommunity, EditPage):
    """Makes all units of a range at once, and shows beforehand which."""

    title = _("Add units by range")
    template_name = "owners/unit_range.html"
    form_class = UnitRangeForm

    def context(self, **more: Any) -> dict[str, Any]:
        form = more["form"]
        if not form.is_bound:
            # What the fields say to begin with is shown as well.
            form = UnitRangeForm({name: field.initial for name, field in form.fields.items()})
        return super().context(**{**preview_of(self.row, form), **more})

    def act(self, form: Any) -> str:
        made = add_units(community=self.row, units=form.units, by=self.actor, now=self.now)
        text = _now("%(units)s units in %(buildings)s new buildings are there now.")
        if made.known:
            text += " " + _now("%(known)s of the range were there before and stay as they are.")
        facts = {"units": made.units, "buildings": made.buildings, "known": made.known}
        messages.success(self.request, text % facts)
        return self.after(self.at("community"))


class UnitPreviewPage(OneCommunity):
    """What a range that is being typed would make; a fragment."""

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        context = preview_of(self.row, UnitRangeForm(self.request.GET))
        return render(self.request, "owners/unit_preview.html", context)


def preview_of(community: Community, form: Any) -> dict[str, Any]:
    """How many units, which are the first and the last, and how many of them are there already."""
    if form is None or not form.is_valid():
        return {"count": None}
    units = form.units
    try:
        refuse_range(units)
    except Refused as refusal:
        return {"count": None, "refused": str(refusal)}
    first, last = units.examples()
    return {
        "count": units.count,
        "buildings_count": units.buildings,
        "first": first,
        "last": last,
        "is_more": units.count > len(first),
        "known": known_among(community, units),
    }
