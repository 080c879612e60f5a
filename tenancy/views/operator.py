"""The pages of whoever runs the platform: companies, and nothing that is in them."""

from typing import Any, cast
from urllib.parse import urlencode

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _, gettext_lazy
from django.views import View

from tenancy.forms.operator import (
    EnterForm,
    ExportForm,
    LostFactorForm,
    NewCompanyForm,
    ReasonForm,
)
from tenancy.models import Company, OperatorEntry, PlatformAccess, User
from tenancy.scope import company_scope
from tenancy.services.access import enter_company, leave_company
from tenancy.services.addresses import client_address
from tenancy.services.companies import invite_company
from tenancy.services.exporting import archive, begin_export
from tenancy.services.operating import (
    is_operator,
    resume_company,
    rows_counted,
    sizes,
    suspend_company,
)
from tenancy.services.operator_help import take_factor_away
from tenancy.services.refusal import Refused

ENTRIES = 50
# Whoever stole a session should not get a company with it.
sure = reauthentication_required(app="operator")


class OperatorPage(View):
    """A page for operators with a second factor; for all others there is nothing here."""

    title: Any = ""
    template_name = ""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        user = request.user
        if not (user.is_active and user.is_staff and user.is_superuser):
            raise Http404(_("There is nothing here."))
        if not is_operator(user):
            where = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{reverse('tenancy:factor_needed')}?{where}")
        self.now = timezone.now()
        return super().dispatch(request, *args, **kwargs)

    @property
    def who(self) -> dict[str, Any]:
        """The operator, for the services."""
        address = client_address(self.request)
        return {"by": self.operator, "now": self.now, "address": address}

    @property
    def operator(self) -> User:
        return cast(User, self.request.user)

    def show(self, status: int = 200, **more: Any) -> HttpResponse:
        context = {"title": self.title, "now": self.now, **more}
        return render(self.request, self.template_name, context, status=status)


class CompanyList(OperatorPage):
    """All companies and how large they are."""

    title = gettext_lazy("Companies")
    template_name = "operator/company_list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        words = request.GET.get("search", "").strip().lower()
        rows = [
            row for row in sizes() if words in row.company.name.lower() or words in row.company.slug
        ]
        return self.show(rows=rows, search=words)


class CompanyNew(OperatorPage):
    """A company on board in one form."""

    title = gettext_lazy("New company")
    template_name = "operator/company_new.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(form=NewCompanyForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NewCompanyForm(request.POST)
        if form.is_valid():
            try:
                company = invite_company(**form.cleaned_data, **self.who)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("The company is on board; its admin is invited."))
                return HttpResponseRedirect(sheet_of(company))
        return self.show(status=422, form=form)


def sheet_of(company: Company) -> str:
    return reverse("tenancy:operator_company", args=[company.pk])


class CompanySheet(OperatorPage):
    """One company: its numbers, what was done with it, and what can be done."""

    template_name = "operator/company_sheet.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.pk = kwargs["pk"]

    @property
    def company(self) -> Company:
        company = Company.objects.filter(pk=self.pk).first()
        if company is None:
            raise Http404(_("There is nothing here."))
        return company

    def get(self, request: HttpRequest, **_more: Any) -> HttpResponse:
        return self.sheet(200)

    def sheet(self, status: int, **forms_in_error: Any) -> HttpResponse:
        company = self.company
        with company_scope(company.id):
            open_now = PlatformAccess.objects.open(self.now)
            mine = open_now.filter(membership__user=self.operator).first()
        log = OperatorEntry.objects.filter(about=company).select_related("by")
        context = {
            "row": company,
            "counted": rows_counted(company),
            "mine": mine,
            "log": log.order_by("-at", "id")[:ENTRIES],
            "state_form": ReasonForm(prefix="state"),
            "enter_form": EnterForm(prefix="enter"),
            "export_form": ExportForm(prefix="export"),
            **forms_in_error,
        }
        return self.show(status, **{**context, "title": company.name})


class CompanyAction(CompanySheet):
    """Something done with a company: with a reason, on the record."""

    http_method_names = ["post", "options"]
    prefix = "state"
    form_class: type[forms.Form] = ReasonForm

    def post(self, request: HttpRequest, **_more: Any) -> HttpResponse:
        form = self.form_class(request.POST, prefix=self.prefix)
        if form.is_valid():
            try:
                return self.act(form)
            except Refused as refusal:
                form.add_error(None, str(refusal))
        return self.sheet(422, **{f"{self.prefix}_form": form})

    def act(self, form: Any) -> HttpResponse:
        raise NotImplementedError

    def back(self, done: str) -> HttpResponse:
        messages.success(self.request, done)
        return HttpResponseRedirect(sheet_of(self.company))


class CompanySuspend(CompanyAction):
    """Let its portal rest."""

    def act(self, form: Any) -> HttpResponse:
        suspend_company(company=self.company, reason=form.cleaned_data["reason"], **self.who)
        return self.back(_("The portal of this company rests now."))


class CompanyResume(CompanyAction):
    """Let it go on."""

    def act(self, form: Any) -> HttpResponse:
        resume_company(company=self.company, reason=form.cleaned_data["reason"], **self.who)
        return self.back(_("The portal of this company goes on."))


@method_decorator(sure, name="post")
class CompanyEnter(CompanyAction):
    """Look into it, for a while."""

    prefix, form_class = "enter", EnterForm

    def act(self, form: Any) -> HttpResponse:
        company = self.company
        enter_company(
            company=company,
            user=self.operator,
            reason=form.cleaned_data["reason"],
            time=form.time,
            now=self.now,
            address=client_address(self.request),
        )
        return HttpResponseRedirect(f"/{company.slug}/")


class CompanyLeave(CompanyAction):
    """Enough seen."""

    form_class = forms.Form

    def act(self, form: Any) -> HttpResponse:
        leave_company(
            company=self.company, user=self.operator, now=self.now,
            address=client_address(self.request),
        )  # fmt: skip
        return self.back(_("You have left the company."))


@method_decorator(sure, name="post")
class CompanyExport(CompanyAction):
    """All of it, as one file."""

    prefix, form_class = "export", ExportForm

    def act(self, form: Any) -> HttpResponse:
        company, personal = self.company, form.cleaned_data["personal"]
        begin_export(
            company=company,
            user=self.operator,
            reason=form.cleaned_data["reason"],
            personal=personal,
            now=self.now,
            address=client_address(self.request),
        )
        pieces = archive(company=company, personal=personal, now=self.now)
        name = f"{company.slug}-{self.now:%Y%m%d-%H%M}.zip"
        headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        }
        answer = StreamingHttpResponse(pieces, content_type="application/zip", headers=headers)
        return cast(HttpResponse, answer)


class OperatorLog(OperatorPage):
    """What operators did, the newest first."""

    title = gettext_lazy("Operators' log")
    template_name = "operator/log.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("page", "1")
        number = min(max(int(asked), 1), 200) if asked.isdecimal() and len(asked) < 6 else 1
        start = (number - 1) * ENTRIES
        rows = OperatorEntry.objects.select_related("by", "about").order_by("-at", "id")
        found = list(rows[start : start + ENTRIES + 1])
        return self.show(rows=found[:ENTRIES], page_number=number, has_next=len(found) > ENTRIES)


class LostFactor(OperatorPage):
    """Somebody has lost their device and their recovery codes."""

    title = gettext_lazy("Lost second factor")
    template_name = "operator/lost_factor.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(form=LostFactorForm())

    @method_decorator(sure)
    def post(self, request: HttpRequest) -> HttpResponse:
        form = LostFactorForm(request.POST)
        if form.is_valid():
            try:
                take_factor_away(**form.cleaned_data, **self.who)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("They can set up a new one when they sign in."))
                return HttpResponseRedirect(request.path)
        return self.show(status=422, form=form)
