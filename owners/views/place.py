"""One building and its units, for the admin."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from owners.forms.place import BuildingForm, UnitChangeForm, UnitForm
from owners.models import Building, Unit
from owners.services.place import add_unit, change_building, change_unit
from tenancy.pages import ActionPage, EditPage
from tenancy.permissions import Can


class BuildingPage(EditPage):
    """A building: its name, and every unit in it."""

    needs = Can.SET_STRUCTURE
    model = Building
    template_name = "owners/building_detail.html"
    form_class = BuildingForm
    done = _("Saved.")

    def rows(self) -> QuerySet[Any]:
        return super().rows().select_related("community")

    def form_arguments(self) -> dict[str, Any]:
        return {"initial": {"name": self.row.name, "is_active": self.row.is_active}}

    def context(self, **more: Any) -> dict[str, Any]:
        units = Unit.objects.visible_to(self.me).filter(building=self.row)
        floors: dict[Any, list[Unit]] = {}
        for unit in units.order_by("floor", "number", "id"):
            floors.setdefault(unit.floor, []).append(unit)
        return super().context(
            **{
                "title": f"{self.row.community} · {self.row.name}",
                # The roof on top, as the house stands; what has no floor at the end.
                "floors": sorted(
                    floors.items(), key=lambda item: (item[0] is None, -(item[0] or 0))
                ),
                "unit_form": UnitForm(auto_id="unit-%s"),
                **more,
            }
        )

    def act(self, form: Any) -> str:
        change_building(building=self.row, **form.cleaned_data, by=self.actor, now=self.now)
        return building_address(self)


def building_address(page: Any) -> str:
    kwargs = {"company": page.request.company.slug, "pk": page.kwargs["pk"]}
    return reverse("owners:building", kwargs=kwargs)


class UnitAddPage(ActionPage):
    """One unit more in a building."""

    needs = Can.SET_STRUCTURE
    model = Building
    form_class = UnitForm
    done = _("The unit is there.")

    def do(self, form: Any) -> None:
        add_unit(building=self.row, **form.cleaned_data, by=self.actor, now=self.now)

    def back(self) -> str:
        return building_address(self)


class UnitPage(EditPage):
    """One unit."""

    needs = Can.SET_STRUCTURE
    model = Unit
    template_name = "owners/unit_form.html"
    form_class = UnitChangeForm
    done = _("Saved.")

    def rows(self) -> QuerySet[Any]:
        return super().rows().select_related("building", "community")

    def form_arguments(self) -> dict[str, Any]:
        names = ("number", "floor", "is_active")
        return {"initial": {name: getattr(self.row, name) for name in names}}

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(**{"title": self.row.label, **more})

    def act(self, form: Any) -> str:
        change_unit(unit=self.row, **form.cleaned_data, by=self.actor, now=self.now)
        kwargs = {"company": self.request.company.slug, "pk": self.row.building_id}
        return reverse("owners:building", kwargs=kwargs)
