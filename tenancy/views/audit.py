"""The audit log: who looked at, or changed, something sensitive."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException

from tenancy.filters.audit import AuditFilter
from tenancy.models import AuditEntry, Membership
from tenancy.pages import Page
from tenancy.permissions import Can
from tenancy.templatetags.auditing import ACTIONS, SUBJECTS, about, action_words, particulars
from tenancy.viewsets.paging import Order, Page as Leaf, read_page

PAGE_SIZE = 50
MOST_EXPORTED = 10_000
ORDERS = {"-at": Order("at", descending=True)}
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class AuditView(Page):
    """The entries that were asked for."""

    needs = Can.READ_AUDIT
    title = _("Audit log")
    template_name = "tenancy/audit_list.html"

    def found(self) -> tuple[QuerySet[Any], AuditFilter]:
        rows = AuditEntry.objects.visible_to(self.me).select_related("by")
        filterset = AuditFilter(self.request.GET, rows, request=self.request)
        return (filterset.qs if filterset.is_valid() else rows.none()), filterset


class AuditPage(AuditView):
    """A page of the log, newest first, found by its place and never by counting."""

    def context(self, **more: Any) -> dict[str, Any]:
        rows, filterset = self.found()
        leaf = self.leaf(rows)
        people = Membership.objects.staff().order_by("-is_active", "name", "id")
        return super().context(
            rows=leaf.rows,
            newer=self.turned(leaf.previous),
            older=self.turned(leaf.next),
            filter=filterset,
            people=list(people.values_list("id", "name")[:500]),
            actions=sorted(((key, str(text)) for key, text in ACTIONS.items()), key=lambda a: a[1]),
            subjects=[(key, text) for key, (text, _page) in SUBJECTS.items()],
            asked=self.request.GET,
            export=self.turned(""),
            **more,
        )

    def leaf(self, rows: QuerySet[Any]) -> Leaf:
        """The page of a cursor; one that belongs to no list begins anew."""
        asked = {"orders": ORDERS, "ordering": "-at", "size": PAGE_SIZE}
        steps = {"shape": lambda rows: rows, "place": lambda row: (row.at, row.pk)}
        try:
            return read_page(rows, typed=self.request.GET.get("cursor", ""), **asked, **steps)  # type: ignore[arg-type]
        except APIException:
            return read_page(rows, typed="", **asked, **steps)  # type: ignore[arg-type]

    def turned(self, cursor: str | None) -> str:
        """The same search at another place; empty where there is none."""
        if cursor is None:
            return ""
        asked = self.request.GET.copy()
        asked.pop("cursor", None)
        if cursor:
            asked["cursor"] = cursor
        return f"?{asked.urlencode()}"


class AuditExport(AuditView):
    """The same entries for a spreadsheet, the newest ten thousand at most."""

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        rows, _filter = self.found()
        found = list(rows.order_by("-at", "-id")[:MOST_EXPORTED])
        answer: Any = StreamingHttpResponse(lines(found), content_type="text/csv; charset=utf-8")
        answer.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
        answer.headers["Cache-Control"] = "no-store"
        return answer  # type: ignore[no-any-return]


def lines(rows: list[Any]) -> Iterator[str]:
    """The log line by line, with the mark by which spreadsheets know UTF-8."""
    yield "\ufeff" + line(["at", "by", "action", "words", "subject", "id", "details", "address"])
    for row in rows:
        details = "; ".join(
            f"{name}: {was} → {now}" if was else f"{name}: {now}"
            for name, was, now in particulars(row)
        )
        facts = [row.at.isoformat(timespec="seconds"), row.by.name if row.by else "", row.action]
        yield line([
            *facts, action_words(row.action), about(row), row.subject_id, details, row.address,
        ])  # fmt: skip


def line(cells: list[Any]) -> str:
    """One line; no cell is a formula to the program that opens it."""
    out = io.StringIO()
    texts = ["" if cell is None else str(cell) for cell in cells]
    csv.writer(out).writerow(f"'{text}" if text.startswith(FORMULA) else text for text in texts)
    return out.getvalue()
