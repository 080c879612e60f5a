"""The departments, for the admin."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from tenancy.forms.structure import DepartmentChangeForm, DepartmentForm
from tenancy.models import Department
from tenancy.pages import CreatePage, EditPage
from tenancy.permissions import Can
from tenancy.services.structure import add_department, change_department
from tenancy.templatetags.navigation import address
from tenancy.views.guided import Guided


class DepartmentListPage(Guided, CreatePage):
    """Every department with how many people it has, and a form for one more."""

    needs = Can.SET_STRUCTURE
    title = _("Departments")
    template_name = "tenancy/department_list.html"
    form_class = DepartmentForm
    done = _("The department is there.")

    def rows(self) -> QuerySet[Any]:
        people = Count("member_rows", filter=Q(member_rows__membership__is_active=True))
        rows = Department.objects.visible_to(self.me).annotate(people=people)
        ordered: QuerySet[Any] = rows.order_by("-is_active", "position", "name")
        return ordered

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(rows=list(self.rows()), **more)

    def act(self, form: Any) -> str:
        add_department(name=form.cleaned_data["name"], by=self.actor, now=self.now)
        return self.request.get_full_path()


class DepartmentPage(EditPage):
    """One department."""

    needs = Can.SET_STRUCTURE
    model = Department
    template_name = "tenancy/department_form.html"
    form_class = DepartmentChangeForm
    done = _("Saved.")

    def form_arguments(self) -> dict[str, Any]:
        names = ("name", "position", "is_active")
        return {"initial": {name: getattr(self.row, name) for name in names}}

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(**{"title": self.row.name, **more})

    def act(self, form: Any) -> str:
        change_department(department=self.row, **form.cleaned_data, by=self.actor, now=self.now)
        return address("tenancy:department_list", self.request.company)
