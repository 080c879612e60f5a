"""What could not be delivered, and why, for the company's admin."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext_lazy as _, ngettext

from notifications.filters.delivery import DeliveryFilter
from notifications.forms.settling import SettleForm
from notifications.models import Channel, Delivery
from notifications.services.resending import resend, resend_all, settle
from tenancy.pages import ActionPage, FormPage, ListPage
from tenancy.permissions import Can


class DeadLetters(ListPage):
    """Everything that was given up, newest first."""

    needs = Can.READ_DEAD_LETTERS
    template_name = "notifications/dead_letters.html"
    title = _("Undelivered")
    filterset_class = DeliveryFilter

    def rows(self) -> QuerySet[Any]:
        dead = Delivery.objects.visible_to(self.me).dead()
        rows: QuerySet[Any] = dead.select_related("notification__recipient", "mailing")
        return rows.order_by("-created_at", "-id")

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(asked=self.request.GET, channels=Channel.choices, **more)


class ResendDelivery(ActionPage):
    """Tries one again."""

    needs = Can.READ_DEAD_LETTERS
    model = Delivery
    form_class: type[Form] = Form
    done = _("On its way again.")

    def do(self, form: Form) -> None:
        resend(delivery=self.row, by=self.actor, now=self.now)

    def back(self) -> str:
        return reverse("notifications:dead_letters", kwargs={"company": self.request.company.slug})


class SettleDelivery(ResendDelivery):
    """Lays one aside, with a reason."""

    form_class = SettleForm
    done = _("Laid aside. The audit log says why.")

    def do(self, form: Form) -> None:
        reason = form.cleaned_data["reason"]
        settle(delivery=self.row, reason=reason, by=self.actor, now=self.now)


class ResendAllDeliveries(FormPage):
    """Tries everything again."""

    http_method_names = ["post", "options"]
    needs = Can.READ_DEAD_LETTERS
    form_class = Form

    def act(self, form: Form) -> str:
        count = resend_all(by=self.actor, now=self.now)
        text = ngettext(
            "%(n)s message is on its way again.", "%(n)s are on their way again.", count
        )
        messages.success(self.request, text % {"n": count})
        return reverse("notifications:dead_letters", kwargs={"company": self.request.company.slug})
