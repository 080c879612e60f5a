"""What a wave has found."""

from functools import cached_property
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import get_language, gettext, gettext_lazy as _

from surveys.forms.result import ResultForm
from surveys.models import ResponsePhoto, Stage, Wave
from surveys.questionnaire import Kind
from surveys.services.results import Place, Results, places_of, results
from surveys.services.results_definitions import DEFINITIONS
from surveys.services.results_pdf import results_pdf
from surveys.services.results_words import percent, shown
from surveys.services.results_workbook import workbook
from tenancy.files import PDF, XLSX, to_save
from tenancy.pages import DetailPage
from tenancy.permissions import Can

MOST_PHOTOS = 60


class ResultsView(DetailPage):
    """What every page about the results of a wave shares: where, in which language, and what."""

    needs = Can.READ_SURVEYS
    model = Wave
    title = _("Results")

    def rows(self) -> Any:
        return super().rows().select_related("survey", "edition")

    @cached_property
    def places(self) -> list[Place]:
        """Of whom this member may be told something; nobody before it was counted."""
        return places_of(self.row, self.me) if self.row.stage == Stage.COUNTED else []

    @cached_property
    def languages(self) -> list[str]:
        """In which the questions were written."""
        return list(self.row.edition.document.get("translations", {}))

    @cached_property
    def form(self) -> ResultForm:
        asked = {"at": self.places[0].key if self.places else "", **self.request.GET.dict()}
        form = ResultForm(
            asked, places=self.places, languages=[self.row.survey.language, *self.languages]
        )
        form.is_valid()
        return form

    @property
    def language(self) -> str:
        return self.form.value("language") or get_language() or ""

    @cached_property
    def place(self) -> Place | None:
        """The place that was asked for, or the first there is."""
        by_key = {each.key: each for each in self.places}
        return by_key.get(self.form.value("at")) or next(iter(self.places), None)

    @cached_property
    def found(self) -> Results | None:
        if self.place is None:
            return None
        return results(wave=self.row, places=[self.place], language=self.language)[0]

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(
            wave=self.row,
            form=self.form,
            at=self.place,
            query=self.request.GET.urlencode(),
            **more,
        )


class ResultsFile(ResultsView):
    """The same as a file; there is none of nothing."""

    ending = ""
    content_type = ""

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.found is None:
            raise Http404(gettext("There is nothing here."))
        return to_save(self.content(self.found), self.content_type, self.filename)

    @property
    def filename(self) -> str:
        return f"{self.request.company.slug}-{self.row.closes_on:%Y%m%d}.{self.ending}"

    def content(self, found: Results) -> bytes:
        raise NotImplementedError


class WorkbookPage(ResultsFile):
    """The same for Excel."""

    ending, content_type = "xlsx", XLSX

    @property
    def filename(self) -> str:
        """Of which survey and wave it is can be told among other downloads."""
        return f"{self.row.survey.title} {self.row.name}.{self.ending}"

    def content(self, found: Results) -> bytes:
        return workbook(
            wave=self.row,
            found=found,
            places=self.places,
            member=self.me,
            language=self.language,
        )


class PdfPage(ResultsFile):
    """The same for paper."""

    ending, content_type = "pdf", PDF

    def content(self, found: Results) -> bytes:
        return results_pdf(
            wave=self.row,
            found=found,
            member=self.me,
            company=self.request.company,
            language=self.language,
            now=self.now,
        )


class ResultsPage(ResultsView):
    """Every question with what was answered, by everybody or in one place."""

    template_name = "surveys/wave_results.html"

    def context(self, **more: Any) -> dict[str, Any]:
        found = self.found
        if found is None:
            return super().context(**more)
        weak_first = self.form.value("order") == "weak"
        ordered = found.weakest_first() if weak_first else found.found
        sections: dict[str, list[Any]] = {}
        for each in ordered:
            sections.setdefault("" if weak_first else each.section, []).append(shown(each))
        return super().context(
            sections=list(sections.items()),
            rate=percent(found.place.n / found.invited) if found.invited else "",
            invited=found.invited,
            silent=max(found.invited - found.place.n, 0),
            definitions=DEFINITIONS,
            photos=self.photos(),
            **more,
        )

    def photos(self) -> list[Any]:
        """Photographs hang on no place: they are shown of everybody, and where that is told."""
        if self.found is None or self.found.place.kind != "whole":
            return []
        told = [
            each.question.key
            for each in self.found.found
            if each.question.kind is Kind.PHOTO and each.items
        ]
        if not told:
            return []
        rows = ResponsePhoto.objects.visible_to(self.me).filter(wave=self.row, question__in=told)
        return list(rows.defer("content").order_by("id")[:MOST_PHOTOS])
