"""What an answer cost, told to the browser's developer tools as `Server-Timing`."""

import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse


class TimingMiddleware:
    """Counts the statements of a request and how long they took. For development and measuring."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        statements, waited, began = 0, 0.0, time.perf_counter()

        def count(execute: Any, *statement: Any) -> Any:
            nonlocal statements, waited
            sent = time.perf_counter()
            try:
                return execute(*statement)
            finally:
                statements += 1
                waited += time.perf_counter() - sent

        with connection.execute_wrapper(count):
            response = self.get_response(request)
        whole = (time.perf_counter() - began) * 1000
        response.headers["Server-Timing"] = (
            f'db;dur={waited * 1000:.1f};desc="{statements} statements", all;dur={whole:.1f}'
        )
        return response
