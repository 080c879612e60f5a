"""The inbox: what one was told, unread first."""

from typing import Any

from django.contrib import messages
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _, ngettext

from notifications.models import Notification
from notifications.services.inbox import mark_all_read, mark_read, unread_count
from tenancy.pages import ActionPage, DetailPage, FormPage, ListPage
from tenancy.permissions import Can

IS_READ = ExpressionWrapper(Q(read_at__isnull=False), output_field=BooleanField())


class Inbox(ListPage):
    """Everything one was told."""

    needs = Can.READ_OWN_INBOX
    template_name = "notifications/inbox.html"
    title = _("Inbox")

    def rows(self) -> QuerySet[Any]:
        mine = Notification.objects.visible_to(self.me)
        rows: QuerySet[Any] = mine.order_by(IS_READ, "-created_at", "-id")
        return rows

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(unread_count=unread_count(self.me), **more)


class OpenNotification(DetailPage):
    """Goes where a notification leads; by that it is read."""

    needs = Can.READ_OWN_INBOX
    model = Notification

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        mark_read(notification=self.row, now=self.now)
        path = self.row.path
        if not url_has_allowed_host_and_scheme(path, allowed_hosts=None):
            path = reverse("notifications:inbox", kwargs={"company": self.request.company.slug})
        return HttpResponseRedirect(path)


class ReadNotification(ActionPage):
    """Ticks one notification off without going anywhere."""

    needs = Can.READ_OWN_INBOX
    model = Notification
    form_class = Form

    def do(self, form: Form) -> None:
        mark_read(notification=self.row, now=self.now)

    def back(self) -> str:
        return reverse("notifications:inbox", kwargs={"company": self.request.company.slug})


class ReadAllNotifications(FormPage):
    """Ticks everything off."""

    http_method_names = ["post", "options"]
    needs = Can.READ_OWN_INBOX
    form_class = Form

    def act(self, form: Form) -> str:
        count = mark_all_read(membership=self.me, now=self.now)
        text = ngettext("%(n)s notification marked as read.", "%(n)s marked as read.", count)
        messages.success(self.request, text % {"n": count})
        return reverse("notifications:inbox", kwargs={"company": self.request.company.slug})
