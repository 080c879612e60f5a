"""Two editions of a survey beside each other."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from surveys.forms.builder import DIMENSIONS, KINDS
from surveys.models import Edition, Survey
from surveys.questionnaire.comparing import Change, Detail, Difference, compare
from surveys.services.survey import questionnaire_of
from tenancy.pages import DetailPage
from tenancy.permissions import Can

NAMES = {
    "title": _("Heading"),
    "intro": _("Introduction"),
    "text": _("Question"),
    "help": _("Explanation below it"),
    "kind": _("Answered by"),
    "dimension": _("Dimension"),
    "required": _("Has to be answered"),
    "shuffled": _("In another order for each person"),
    "choices": _("Choices"),
    "rows": _("Rows"),
    "conditions": _("When it is asked"),
}
DIFFERENCES = {
    Difference.ADDED: _("added"),
    Difference.REMOVED: _("removed"),
    Difference.CHANGED: _("changed"),
    Difference.MOVED: _("moved"),
}
VALUES = {
    **{("kind", key): name for key, name in KINDS},
    **{("dimension", key): name for key, name in DIMENSIONS if key},
    **{(name, "True"): _("yes") for name in ("required", "shuffled")},
}
NOTHING = _("nothing")


class EditionsPage(DetailPage):
    """What an edition asks otherwise than the one before it, or than any other."""

    needs = Can.READ_SURVEYS
    model = Survey
    template_name = "surveys/survey_editions.html"

    def context(self, **more: Any) -> dict[str, Any]:
        rows = Edition.objects.visible_to(self.me).filter(survey=self.row).order_by("-number")
        editions = {each.number: each for each in rows}
        newest = max(editions)
        of = self.number("of", newest, editions)
        than = self.number("than", max(of - 1, 1), editions)
        before, after = (questionnaire_of(editions[each])[0] for each in (than, of))
        return super().context(
            title=_("Editions"),
            survey=self.row,
            editions=list(editions.values()),
            of=editions[of],
            than=editions[than],
            changes=[self.said(each) for each in compare(before, after)],
            **more,
        )

    def number(self, name: str, usual: int, editions: dict[int, Edition]) -> int:
        """An edition that was asked for; a 404 if there is none of that number."""
        asked = self.request.GET.get(name, "")
        found = int(asked) if asked.isdecimal() and len(asked) < 6 else usual
        if found not in editions:
            raise Http404
        return found

    def said(self, change: Change) -> dict[str, Any]:
        return {
            "what": change.difference.value,
            "label": DIFFERENCES[change.difference],
            "text": change.text,
            "is_section": change.is_section,
            "details": [
                (NAMES[each.name], self.value(each, each.before), self.value(each, each.after))
                for each in change.details
            ],
        }

    def value(self, detail: Detail, value: str) -> Any:
        return VALUES.get((detail.name, value), value) or NOTHING
