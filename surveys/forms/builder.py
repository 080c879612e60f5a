"""The forms of the builder: a question with its choices and conditions, a section.

What a question needs depends on how it is answered, and what a condition needs on the question it
waits for. A form is therefore shown anew whenever one of these is chosen (`again`): nothing is
checked then, and nothing is lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext, gettext_lazy as _

from surveys.forms.condition import MOST_CONDITIONS, ConditionForm
from surveys.questionnaire import (
    Choice,
    Dimension,
    Kind,
    Question,
    Questionnaire,
    Section,
    editing,
)
from surveys.questionnaire.terms import LONGEST_TEXT, MOST_CHOICES, WITH_CHOICES

Sent = MultiValueDict[str, str]
KINDS = (
    (Kind.RATING.value, _("rating, 1 to 5")),
    (Kind.SCORE.value, _("recommendation, 0 to 10")),
    (Kind.SINGLE.value, _("one of several choices")),
    (Kind.MULTIPLE.value, _("any number of choices")),
    (Kind.MATRIX.value, _("several rows, each rated 1 to 5")),
    (Kind.RANKING.value, _("choices put in order")),
    (Kind.TEXT.value, _("own words")),
    (Kind.NUMBER.value, _("a number")),
    (Kind.DATE.value, _("a day")),
    (Kind.PHOTO.value, _("a photo")),
)
DIMENSIONS = (
    ("", _("none")),
    (Dimension.RELIABILITY.value, _("reliability")),
    (Dimension.RESPONSIVENESS.value, _("responsiveness")),
    (Dimension.ASSURANCE.value, _("assurance")),
    (Dimension.EMPATHY.value, _("empathy")),
    (Dimension.TANGIBLES.value, _("tangibles")),
)
WITH_DIMENSION = (Kind.RATING.value, Kind.MATRIX.value)
LISTS = ("choices", "rows")


@dataclass(frozen=True, slots=True)
class Line:
    """One choice or row as it is written; without a key it is new."""

    key: str
    text: str


def area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class QuestionForm(forms.Form):
    """One question. `said` is what somebody is writing, checked (bound) or not yet."""

    text = forms.CharField(label=_("Question"), max_length=LONGEST_TEXT, widget=area(2))
    kind = forms.ChoiceField(label=_("Answered by"), choices=KINDS)
    help = forms.CharField(
        label=_("Explanation below it"), max_length=LONGEST_TEXT, required=False, widget=area(2)
    )
    more_choices = forms.CharField(
        label=_("More choices, one on each line"), max_length=20_000, required=False, widget=area(3)
    )
    more_rows = forms.CharField(
        label=_("More rows, one on each line"), max_length=20_000, required=False, widget=area(3)
    )
    dimension = forms.ChoiceField(
        label=_("Stands for the dimension"),
        choices=DIMENSIONS,
        required=False,
        help_text=_("Questions of the five dimensions make the satisfaction index."),
    )
    required = forms.BooleanField(label=_("Has to be answered"), required=False)
    shuffled = forms.BooleanField(label=_("In another order for each person"), required=False)
    section = forms.ChoiceField(label=_("Section"), required=False)
    # Where it stood when the form was opened: only who chose another section moves it.
    home = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        asked: Questionnaire,
        question: Question,
        section: str,
        seen: str = "",
        said: Sent | None = None,
        act: str = "",
    ) -> None:
        written = data if data is not None else said
        self.asked, self.before = asked, question
        self.known = editing.earlier(
            asked, question.key if question.key in asked.by_key else section
        )
        initial = _written(said) if said is not None else _initial(question, section, seen)
        super().__init__(data, initial=initial)
        field: Any = self.fields["section"]
        field.choices = [(one.key, one.title or "—") for one in asked.sections]
        self.lines = {name: _lines(written, question, name) for name in LISTS}
        _shift(self.lines, act)
        self.shape = str(written.get("kind", "") if written is not None else question.kind.value)
        self.conditions = self._conditions(data, said, question)

    def _conditions(self, data: Any, said: Sent | None, question: Question) -> list[ConditionForm]:
        """One for each condition there is, and an empty one."""
        written = data if data is not None else said
        number = len(written.getlist("when")) if written is not None else len(question.conditions)
        kept: Sequence[Any] = question.conditions if written is None else ()
        forms_ = [
            ConditionForm(
                data,
                number=each,
                asked=self.asked,
                known=self.known,
                said=said,
                condition=kept[each] if each < len(kept) else None,
            )
            for each in range(min(number, MOST_CONDITIONS))
        ]
        is_full = (bool(forms_) and forms_[-1].question is None) or len(forms_) >= MOST_CONDITIONS
        if data is None and self.known and not is_full:
            number = len(forms_)
            forms_.append(ConditionForm(None, number=number, asked=self.asked, known=self.known))
        return forms_

    # --- what is shown ---

    @property
    def has_choices(self) -> bool:
        return self.shape in {each.value for each in WITH_CHOICES}

    @property
    def has_rows(self) -> bool:
        return self.shape == Kind.MATRIX.value

    @property
    def has_dimension(self) -> bool:
        return self.shape in WITH_DIMENSION

    # --- what was written ---

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        for form in self.conditions:
            if not form.is_valid():
                self.add_error(None, gettext("One of the conditions needs another look."))
        for name in LISTS:
            said[name] = self._parts(name, str(said.get(f"more_{name}") or ""))
        return said

    def _parts(self, name: str, more: str) -> tuple[Choice, ...]:
        """The lines there are, and the new ones: whoever keeps them gives these a key."""
        found: list[Choice] = []
        new = [Line("", text) for text in more.splitlines()]
        for line in (*self.lines[name], *new):
            text = line.text.replace("\x00", "").strip()
            if not text:
                continue
            if len(text) > LONGEST_TEXT:
                self.add_error(
                    f"more_{name}", gettext("%s characters at most on a line.") % LONGEST_TEXT
                )
            found.append(Choice(line.key, text))
        if len(found) > MOST_CHOICES:
            self.add_error(f"more_{name}", gettext("%s lines at most.") % MOST_CHOICES)
        return tuple(found)

    @property
    def moved_to(self) -> str:
        """The section that was chosen for it; nothing if it stays where it is."""
        said = self.cleaned_data
        return str(said["section"]) if said["section"] != said["home"] else ""

    def question(self) -> Question:
        """The question as it was written; what does not belong to its kind is left out."""
        said = self.cleaned_data
        has_dimension = self.has_dimension and said["dimension"]
        return Question(
            key=self.before.key,
            kind=Kind(said["kind"]),
            text=said["text"],
            help=said["help"],
            required=said["required"],
            shuffled=said["shuffled"] and (self.has_choices or self.has_rows),
            dimension=Dimension(said["dimension"]) if has_dimension else None,
            choices=said["choices"] if self.has_choices else (),
            rows=said["rows"] if self.has_rows else (),
            conditions=tuple(each.condition for each in self.conditions if each.condition),
        )


class SectionForm(forms.Form):
    """What stands above the questions of a section."""

    title = forms.CharField(label=_("Heading"), max_length=LONGEST_TEXT)
    intro = forms.CharField(
        label=_("Introduction"), max_length=LONGEST_TEXT, required=False, widget=area(3)
    )

    def section(self, key: str) -> Section:
        return Section(key, self.cleaned_data["title"], self.cleaned_data["intro"])


def _initial(question: Question, section: str, seen: str) -> dict[str, Any]:
    names = ("text", "help", "required", "shuffled")
    return {
        **{name: getattr(question, name) for name in names},
        "kind": question.kind.value,
        "dimension": question.dimension.value if question.dimension else "",
        "section": section,
        "home": section,
        "seen": seen,
    }


def _written(said: Sent) -> dict[str, Any]:
    """What somebody is writing, as a form begins with it."""
    flags = {name: name in said for name in ("required", "shuffled")}
    return {**{name: said.get(name, "") for name in QuestionForm.base_fields}, **flags}


def _lines(written: Any, question: Question, name: str) -> list[Line]:
    if written is None:
        return [Line(each.key, each.text) for each in getattr(question, name)]
    keys, texts = written.getlist(f"{name}-key"), written.getlist(f"{name}-text")
    lines = [Line(key[:30], text) for key, text in zip(keys, texts, strict=False)]
    return lines[: 2 * MOST_CHOICES]


def _shift(lines: dict[str, list[Line]], act: str) -> None:
    """`up choices 2` and the like: without a script a button does it."""
    what, _space, rest = act.partition(" ")
    name, _space, number = rest.partition(" ")
    if name not in lines or not number.isdecimal() or len(number) > 3:
        return
    them, at = lines[name], int(number)
    if at >= len(them):
        return
    line = them.pop(at)
    if what != "drop":
        them.insert(max(0, at + (-1 if what == "up" else 1)), line)
