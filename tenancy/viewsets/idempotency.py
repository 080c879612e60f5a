"""`Idempotency-Key`: a client that is not sure whether its request arrived sends it again."""

import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from tenancy.services.idempotency import Answer, KeyReused, claim_key, keep_answer
from tenancy.viewsets.problems import Problem
from tenancy.viewsets.rendering import dump

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
FITTING = re.compile(r"[\x21-\x7e]{1,200}")


def idempotent(create: Callable[..., Response]) -> Callable[..., Any]:
    """Makes a creating action answer a repetition as it answered the first time."""

    @wraps(create)
    def once(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response | HttpResponse:
        key = request.headers.get(HEADER)
        if key is None:
            return create(self, request, *args, **kwargs)
        if not FITTING.fullmatch(key):
            detail = _("An Idempotency-Key has 1 to 200 visible ASCII characters.")
            raise Problem(400, "invalid_idempotency_key", detail)
        known = known_answer(self, request, key)
        if known is not None:
            return answered(known, {REPLAYED: "true"})
        response = create(self, request, *args, **kwargs)
        answer = Answer(response.status_code, dump(response.data).decode())
        keep_answer(membership=self.member, key=key, answer=answer)
        return answered(answer, {})

    once.idempotent = True  # type: ignore[attr-defined]  # the documentation asks for it
    return once


def known_answer(view: Any, request: Request, key: str) -> Answer | None:
    """What was answered before; None when this is the first time."""
    try:
        return claim_key(
            membership=view.member, key=key, fingerprint=fingerprint(request), now=timezone.now()
        )
    except KeyReused as reused:
        raise Problem(422, reused.code, str(reused)) from reused


def answered(answer: Answer, headers: dict[str, str]) -> HttpResponse:
    return HttpResponse(
        answer.text.encode(),
        status=answer.status,
        content_type="application/json",
        headers=headers,
    )


def fingerprint(request: Request) -> str:
    """What makes two requests the same: method, address and what was sent, however spelt."""
    digest = hashlib.sha256(f"{request.method}\n{request.path}\n".encode())
    data = request.data
    if not hasattr(data, "getlist"):
        digest.update(orjson.dumps(data, option=orjson.OPT_SORT_KEYS))
        return digest.hexdigest()
    # The boundary of a multipart body is another each time; its parts are what counts.
    for name in sorted(data):
        for value in data.getlist(name):
            digest.update(f"\n{name}\n".encode())
            digest.update(content_of(value))
    return digest.hexdigest()


def content_of(value: Any) -> bytes:
    """A part of a form: a text, or the digest of a file."""
    if not hasattr(value, "chunks"):
        return str(value).encode()
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return digest.digest()
