"""What every browser may have before it is offline: the service worker and its one page.

Both say nothing of any company or person.
"""

import json

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import translation
from django.utils.decorators import method_decorator
from django.views import View

# The outbox first: the worker sends what is in it.
PARTS = ("js/outbox.js", "js/offline-worker.js")


@method_decorator(login_not_required, name="dispatch")
class ServiceWorker(View):
    """`/sw.js`: at the root, because a worker serves nothing above its own address."""

    def get(self, request: HttpRequest) -> HttpResponse:
        parts = ", ".join(json.dumps(static(name)) for name in PARTS)
        answer = HttpResponse(f"importScripts({parts});\n", content_type="text/javascript")
        answer.headers["Cache-Control"] = "no-cache"
        return answer


@method_decorator(login_not_required, name="dispatch")
class OfflinePage(View):
    """What one sees without a network; `?language=` because a worker keeps it in each of them."""

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("language", "")
        language = asked if asked in dict(settings.LANGUAGES) else translation.get_language()
        with translation.override(language):
            answer = render(request, "offline.html")
        answer.headers["Cache-Control"] = "no-cache"
        return answer
