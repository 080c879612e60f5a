"""The categories, for the admin."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from complaints.forms.category import CategoryChangeForm, NewCategoryForm, places
from complaints.models import Category
from complaints.services.category import add_category, change_category
from tenancy.pages import CreatePage, EditPage, Page
from tenancy.permissions import Can
from tenancy.templatetags.icons import DRAWINGS
from tenancy.templatetags.navigation import address

NAMES = (
    "name", "name_en", "department", "urgency", "usual_minutes", "icon", "position", "is_active"
)  # fmt: skip


class CategoryListPage(Page):
    """Every category, kind by kind and class by class."""

    needs = Can.SET_PROMISES
    title = _("Categories")
    template_name = "complaints/category_list.html"

    def rows(self) -> QuerySet[Any]:
        rows = Category.objects.visible_to(self.me).select_related("department")
        ordered: QuerySet[Any] = rows.order_by("-is_active", "position", "name", "id")
        return ordered

    def context(self, **more: Any) -> dict[str, Any]:
        found: dict[str, list[Category]] = {}
        for row in self.rows():
            row.drawing = row.icon if row.icon in DRAWINGS else "complaint"
            place = f"{row.kind}:{row.complaint_class}" if row.complaint_class else row.kind
            found.setdefault(place, []).append(row)
        groups = [(place, label, found.get(place, [])) for place, label in places()]
        return super().context(groups=groups, **more)


class CategoryAddPage(CreatePage):
    """A category more."""

    needs = Can.SET_PROMISES
    title = _("Add a category")
    template_name = "complaints/category_form.html"
    form_class = NewCategoryForm
    done = _("The category is there.")

    def form_arguments(self) -> dict[str, Any]:
        asked = self.request.GET.get("place", "")
        return {"initial": {"place": asked, "icon": "complaint", "urgency": "normal"}}

    def act(self, form: Any) -> str:
        said = dict(form.cleaned_data)
        add_category(**said.pop("place"), **said, by=self.actor, now=self.now)
        return address("complaints:category_list", self.request.company)


class CategoryPage(EditPage):
    """One category."""

    needs = Can.SET_PROMISES
    model = Category
    template_name = "complaints/category_form.html"
    form_class = CategoryChangeForm
    done = _("Saved.")

    def form_arguments(self) -> dict[str, Any]:
        initial = {name: getattr(self.row, name) for name in NAMES if name != "department"}
        icon = self.row.icon if self.row.icon in DRAWINGS else "complaint"
        return {"initial": {**initial, "department": self.row.department_id, "icon": icon}}

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(**{"title": str(self.row), **more})

    def act(self, form: Any) -> str:
        change_category(category=self.row, **form.cleaned_data, by=self.actor, now=self.now)
        return address("complaints:category_list", self.request.company)
