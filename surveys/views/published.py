"""What everybody can read: what was said, and what was done. Nobody signs in for it."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import get_language, gettext_lazy as _, override

from surveys.models import Publication, PublicationStage
from surveys.services.publishing_words import said
from surveys.views.answer_open import OpenPage
from surveys.views.publication_shown import shown, survey_name

MOST = 200
GONE = 410


class ReadingPage(OpenPage):
    """A page to be read in any language: the address says which, no cookie remembers it."""

    http_method_names = ["get", "head", "options"]

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = self.request.GET.get("in", "")
        language = asked if asked in dict(settings.LANGUAGES) else get_language() or "zh-hans"
        with override(language):
            return self.read(language)

    def read(self, language: str) -> HttpResponse:
        raise NotImplementedError


class SaidPage(ReadingPage):
    """Everything that owners were told, community by community, the newest first."""

    title = _("What you said, what we did")
    template_name = "surveys/published_list.html"

    def read(self, language: str) -> HttpResponse:
        """One query."""
        rows = Publication.objects.published().select_related("community")
        newest = sorted(rows.order_by("-published_at", "-id")[:MOST], key=community_name)
        for each in newest:
            each.heading = said(frozen(each)["title"], language)
            each.survey = survey_name(frozen(each), language)
        return self.show(rows=newest)


def community_name(row: Publication) -> str:
    """As it was called then. The order within a community stays."""
    name: str = frozen(row)["community"]
    return name


def frozen(row: Publication) -> dict[str, Any]:
    """What was approved: the database lets none be published without."""
    document: dict[str, Any] = row.document or {}
    return document


class PublishedPage(ReadingPage):
    """One publication, exactly as it was approved."""

    template_name = "surveys/published.html"

    def read(self, language: str) -> HttpResponse:
        row: Publication | None = Publication.objects.filter(pk=self.kwargs["pk"]).first()
        if row is None or row.stage == PublicationStage.DRAFT:
            return self.show(404, "surveys/published_nothing.html", title=_("Nothing here"))
        if row.stage == PublicationStage.WITHDRAWN:
            return self.show(
                GONE, "surveys/published_nothing.html", title=_("Withdrawn"), withdrawn=row,
                withdrawn_on=self.day_of(row.withdrawn_at),
            )  # fmt: skip
        document = shown(frozen(row), language)
        found = frozen(row)["may_be_found"]
        answer = self.show(
            title=document["heading"], document=document, may_be_found=found,
            published_on=self.day_of(row.published_at),
        )  # fmt: skip
        if found:
            answer.headers["X-Robots-Tag"] = "all"
        return answer

    def day_of(self, moment: datetime | None) -> date | None:
        """The day on the company's wall."""
        return moment and moment.astimezone(ZoneInfo(self.request.company.zone)).date()
