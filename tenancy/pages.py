"""The five kinds of page. A page declares what it needs, what it shows and which service it calls.

Every page of a company goes through `Page.dispatch`: membership (404 for strangers) and the
action permission (403) are checked here and nowhere else; rows come through `visible_to`.
"""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views import View

from tenancy.models import Company, Membership
from tenancy.permissions import Can
from tenancy.services.actor import Actor, Via
from tenancy.services.addresses import client_address
from tenancy.services.members import member_of_this_company
from tenancy.services.refusal import Refused


class MemberRequest(HttpRequest):
    """A request of a member: what `Page.dispatch` has made sure of."""

    company: Company
    membership: Membership


class Page(View):
    """A page of a company. `needs` says what its visitor must be allowed to do."""

    request: MemberRequest
    needs: Can
    template_name: str
    title: Any = ""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        membership = member_of_this_company(request.user)
        if membership is None:
            raise Http404(_("There is nothing here."))
        request.membership = membership
        if not membership.can(self.needs):
            raise PermissionDenied(_("Your role does not allow this."))
        self.prepare()
        answer = super().dispatch(request, *args, **kwargs)
        # One address answers with a page or with a part of it: the back button must not mix them.
        patch_vary_headers(answer, ["HX-Request"])
        return answer

    def prepare(self) -> None:
        """What must be there before the request is read any further."""

    @property
    def me(self) -> Membership:
        """The member who is looking."""
        return self.request.membership

    @property
    def actor(self) -> Actor:
        """The member who is looking, for the services."""
        return Actor(self.me, Via.PAGE, client_address(self.request))

    @property
    def now(self) -> datetime:
        """The one moment at which this request happens."""
        if not hasattr(self, "_now"):
            self._now = timezone.now()
        return self._now

    def context(self, **more: Any) -> dict[str, Any]:
        """What the template is given; pages add to it."""
        return {
            "company": self.request.company,
            "me": self.me,
            "now": self.now,
            "title": self.title,
            "page": self,
            **more,
        }

    def show(self, status: int = 200, **more: Any) -> HttpResponse:
        return render(self.request, self.template_name, self.context(**more), status=status)

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show()


class ListPage(Page):
    """Rows that the visitor may see, filtered, a page at a time, never counted.

    `rows()` says which and in what order; `filterset_class` is the one the API uses too.
    """

    filterset_class: Any = None
    page_size = 50
    fragment_name: str = ""  # rendered instead of the whole page for htmx requests

    def rows(self) -> QuerySet[Any]:
        raise NotImplementedError

    def context(self, **more: Any) -> dict[str, Any]:
        rows, filterset = self.rows(), None
        if self.filterset_class is not None:
            filterset = self.filterset_class(self.request.GET, rows, request=self.request)
            rows = filterset.qs
        number = self.page_number()
        start = (number - 1) * self.page_size
        found = list(self.part(rows, start, start + self.page_size + 1))
        return super().context(
            rows=found[: self.page_size],
            filter=filterset,
            page_number=number,
            has_next=len(found) > self.page_size,
            **more,
        )

    def part(self, rows: QuerySet[Any], start: int, stop: int) -> QuerySet[Any]:
        """The rows of one page."""
        return rows[start:stop]

    def page_number(self) -> int:
        asked = self.request.GET.get("page", "1")
        # Far pages are found by filtering, not by leafing: an offset reads all it skips.
        return min(max(int(asked), 1), 200) if asked.isdecimal() and len(asked) < 6 else 1

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        whole = not getattr(self.request, "htmx", False) or not self.fragment_name
        name = self.template_name if whole else self.fragment_name
        return render(self.request, name, self.context())


class DetailPage(Page):
    """One row that the visitor may see; anything else is a 404 with the same words."""

    model: type[Model]

    def rows(self) -> QuerySet[Any]:
        visible: QuerySet[Any] = self.model.objects.visible_to(self.me)  # type: ignore[attr-defined]
        return visible

    @property
    def row(self) -> Any:
        return self.find()

    def prepare(self) -> None:
        self.find()

    def find(self) -> Any:
        """The row of the address; a 404 when there is none that the visitor may see."""
        if not hasattr(self, "_row"):
            self._row = self.rows().filter(pk=self.kwargs["pk"]).first()
            if self._row is None:
                raise Http404(_("There is nothing here."))
        return self._row

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(row=self.row, **more)


class FormPage(Page):
    """A form and the one service it leads to. `act` calls it and says where to go next."""

    form_class: type[Form]
    done: Any = ""

    def form(self, *args: Any) -> Form:
        return self.form_class(*args, **self.form_arguments())

    def form_arguments(self) -> dict[str, Any]:
        return {}

    def act(self, form: Form) -> str:
        raise NotImplementedError

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=self.form())

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(self.request.POST, self.request.FILES)
        if form.is_valid():
            try:
                target = self.act(form)
            except Refused as refusal:
                form = self.refused(form, refusal)
            else:
                if self.done:
                    messages.success(self.request, self.done)
                return HttpResponseRedirect(target)
        return self.show(status=422, form=form)

    def refused(self, form: Form, refusal: Refused) -> Form:
        """The form that is shown again, with the reason."""
        form.add_error(None, str(refusal))
        return form


class CreatePage(FormPage):
    """A form that makes something new."""


class EditPage(FormPage, DetailPage):
    """A form about one row that the visitor may see: without the row the form is not read."""


class ActionPage(EditPage):
    """Something done to one row, mostly by a button beside it: POST only.

    A refusal becomes a message on the page one came from; so does a form that was wrong.
    """

    http_method_names = ["post", "options"]

    def back(self) -> str:
        """Where to go afterwards: the page of the row."""
        raise NotImplementedError

    def act(self, form: Form) -> str:
        self.do(form)
        return self.back()

    def do(self, form: Form) -> None:
        raise NotImplementedError

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(self.request.POST, self.request.FILES)
        if not form.is_valid():
            for problems in form.errors.values():
                messages.error(self.request, " ".join(str(problem) for problem in problems))
            return HttpResponseRedirect(self.back())
        try:
            self.do(form)
        except Refused as refusal:
            messages.error(self.request, str(refusal))
        else:
            if self.done:
                messages.success(self.request, self.done)
        return HttpResponseRedirect(self.back())
