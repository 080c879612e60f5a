"""`/<company>/s/`: where a poster leads; for whoever has a slip, and for whoever has lost it."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from owners.services.personal import BadPhone
from surveys.forms.entrance import CodeForm, LostForm
from surveys.services.entrance import secret_for, send_link
from surveys.views.answer_open import OpenPage
from tenancy.services.addresses import client_address
from tenancy.services.refusal import Refused


class EntrancePage(OpenPage):
    """Two ways in: the code of a slip, or one's home and the number that the archive has."""

    template_name = "surveys/entrance.html"
    title = _("Survey of owners and residents")

    def context(self, **more: Any) -> dict[str, Any]:
        forms = {"code_form": CodeForm(), "lost_form": LostForm(initial=self.request.GET.dict())}
        return super().context(**{**forms, **more})

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show()

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        if act := self.request.POST.get("act", ""):
            return self.remember(HttpResponseRedirect(self.request.path), act)
        return self.lost() if "phone" in self.request.POST else self.come_in()

    def come_in(self) -> HttpResponse:
        """With a code: on to the questions."""
        form = CodeForm(self.request.POST)
        if form.is_valid():
            address = client_address(self.request)
            try:
                secret = secret_for(typed=form.cleaned_data["code"], address=address)
            except Refused as refusal:
                form.add_error("code", str(refusal))
            else:
                path = reverse("surveys:answer", args=[self.request.company.slug, secret])
                return HttpResponseRedirect(f"{path}?from=paper")
        return self.show(status=422, code_form=form)

    def lost(self) -> HttpResponse:
        """Without one: the link goes to the number in the archive, and the answer is the same."""
        form = LostForm(self.request.POST)
        if form.is_valid():
            address = client_address(self.request)
            try:
                send_link(**form.cleaned_data, address=address, now=self.now)
            except BadPhone as refusal:
                form.add_error("phone", str(refusal))
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                return self.show(sent=True)
        return self.show(status=422, lost_form=form, asks_for_link=True)
