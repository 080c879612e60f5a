"""`/mailbox/`: what the demo sent to anybody, so that one can play every part alone."""

from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from notifications.services.mailbox import newest_mails

SHOWN = 50


@never_cache
@require_safe
@login_not_required
def mailbox(request: HttpRequest) -> HttpResponse:
    """Every mail and SMS, to everybody. It exists in the demo only."""
    if not settings.DEMO:
        raise Http404(_("There is nothing here."))
    mails = newest_mails(Path(settings.MAILBOX_DIR), count=SHOWN)
    context = {"title": _("Mailbox of the demo"), "mails": mails}
    return render(request, "notifications/mailbox.html", context)
