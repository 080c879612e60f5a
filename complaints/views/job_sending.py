"""What is sent from a job: by a plain form, or by a telephone that is not sure it arrived.

A telephone keeps what was said until the server has answered, and sends it again with the same
`Idempotency-Key`. It is answered in JSON: whether it was taken, and if not, why.
"""

import hashlib
from datetime import timedelta
from typing import Any

import orjson
from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from complaints.models import Ticket
from tenancy.pages import ActionPage
from tenancy.permissions import Can
from tenancy.services.idempotency import Answer, claim_key, keep_answer
from tenancy.services.refusal import Refused
from tenancy.viewsets.idempotency import FITTING, content_of

# A telephone may lie in a drawer for so long and still not do anything twice.
KEPT = timedelta(days=60)
TAKEN = '{"taken":true}'
# How often and when it is sent may differ; what is said may not.
NOT_SAID = ("csrfmiddlewaretoken", "sent_at", "key")


class JobAction(ActionPage):
    """Something done to a job, once however often it arrives."""

    needs = Can.DO_JOBS
    model = Ticket
    form_name = ""  # under which the job's page knows the form

    def back(self) -> str:
        where = {"company": self.request.company.slug, "pk": self.kwargs["pk"]}
        return reverse("complaints:job_detail", kwargs=where)

    @property
    def key(self) -> str:
        """The name of this act of sending; plain forms carry one too, against a second click."""
        return self.request.headers.get("Idempotency-Key") or self.request.POST.get("key", "")

    @property
    def by_telephone(self) -> bool:
        return "Idempotency-Key" in self.request.headers

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.key and not FITTING.fullmatch(self.key):
            return self.problem(400, "invalid_idempotency_key", "")
        form = self.form(self.request.POST, self.request.FILES)
        if not form.is_valid():
            return self.not_taken(form, 422, "invalid")
        try:
            with transaction.atomic():
                self.once(form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.not_taken(form, 409, refusal.code)
        if self.by_telephone:
            return HttpResponse(TAKEN, content_type="application/json")
        messages.success(self.request, self.done)
        return HttpResponseRedirect(self.back())

    def once(self, form: forms.Form) -> None:
        """Do it, unless it was done under this key before. What was refused may be tried again."""
        if not self.key:
            return self.do(form)
        me, print_of_it = self.me, self.fingerprint()
        known = claim_key(
            membership=me, key=self.key, fingerprint=print_of_it, now=self.now, kept=KEPT
        )
        if known is None:
            self.do(form)
            keep_answer(membership=me, key=self.key, answer=Answer(200, TAKEN))
        return None

    def fingerprint(self) -> str:
        """What makes two of them the same: the address, what was said, and the photos."""
        digest = hashlib.sha256(f"{self.request.path}\n".encode())
        sent: dict[str, list[Any]] = {
            **dict(self.request.POST.lists()),
            **dict(self.request.FILES.lists()),
        }
        for name in sorted(set(sent) - set(NOT_SAID)):
            for value in sent[name]:
                digest.update(f"\n{name}\n".encode())
                digest.update(content_of(value))
        return digest.hexdigest()

    def not_taken(self, form: forms.Form, status: int, code: str) -> HttpResponse:
        """Why not, with everything as it was typed."""
        if self.by_telephone:
            said = [str(problem) for problems in form.errors.values() for problem in problems]
            return self.problem(status, code, " ".join(said))
        if not form.fields or not self.form_name:
            for problems in form.errors.values():
                messages.error(self.request, " ".join(str(problem) for problem in problems))
            return HttpResponseRedirect(self.back())
        return self.again(form, status)

    def again(self, form: forms.Form, status: int) -> HttpResponse:
        """The job's page with the form as it was typed and what is wrong with it."""
        from complaints.views.job import JobPage  # noqa: PLC0415 - the page offers these actions

        page = JobPage()
        page.setup(self.request, *self.args, **self.kwargs)
        return page.show_again(self.form_name, form, status)

    def problem(self, status: int, code: str, detail: str) -> HttpResponse:
        return HttpResponse(
            orjson.dumps({"code": code, "detail": detail}),
            status=status,
            content_type="application/problem+json",
        )
