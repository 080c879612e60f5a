"""A questionnaire as an owner sees it. Whatever is ticked here goes nowhere."""

from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import override
from django.views.decorators.clickjacking import xframe_options_sameorigin

from surveys.forms.answer import given_of
from surveys.models import Survey
from surveys.questionnaire import Fault, Faulty, Kind, Questionnaire, take
from surveys.services.asking_form import laid_out
from surveys.services.survey import newest, questionnaire_of
from surveys.services.titles import title_in
from surveys.services.wording import read_in
from tenancy.pages import DetailPage
from tenancy.permissions import Can


@method_decorator(csp_replace({"frame-ancestors": [SELF]}), name="dispatch")
@method_decorator(xframe_options_sameorigin, name="dispatch")
class PreviewPage(DetailPage):
    """The newest edition on a telephone; the builder has it beside the questions."""

    needs = Can.READ_SURVEYS
    model = Survey
    template_name = "surveys/preview.html"

    @cached_property
    def asked(self) -> Questionnaire:
        """In the language that was chosen to look at it."""
        return read_in(questionnaire_of(newest(self.row))[0], self.language, self.row.language)

    @property
    def language(self) -> str:
        wanted: str = self.request.GET.get("language", "")
        return wanted if wanted in dict(settings.LANGUAGES) else self.row.language

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """What would be said about these answers. Nothing of them is kept."""
        given = given_of(self.asked, self.request.POST)
        try:
            take(self.asked, given)
        except Faulty as caught:
            # A photo goes nowhere here, so none is missed.
            photos = {each.key for each in self.asked if each.kind is Kind.PHOTO}
            faults = [each for each in caught.faults if each.place not in photos]
        else:
            faults = []
        return self.show(given=given, faults=faults, is_sent=True)

    def show(
        self,
        status: int = 200,
        given: dict[str, Any] | None = None,
        faults: list[Fault] | None = None,
        **more: Any,
    ) -> HttpResponse:
        with override(self.language):
            parts = laid_out(
                self.asked, given or {}, seed=str(self.row.pk), faults=faults or (), photos=()
            )
            wrong = [each for part in parts for each in part.questions if each.sentences]
            return super().show(
                status,
                title=title_in(self.row, self.language),
                survey=self.row,
                parts=parts,
                wrong=wrong,
                languages=self.languages(),
                is_framed="framed" in self.request.GET,
                **more,
            )

    def languages(self) -> list[dict[str, Any]]:
        """The language it is written in, and those it is translated into."""
        there = {self.row.language, *self.asked.translations}
        return [
            {"code": code, "name": name, "is_current": code == self.language}
            for code, name in settings.LANGUAGES
            if code in there
        ]
