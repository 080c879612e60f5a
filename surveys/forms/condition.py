"""What must have been answered before a question is asked, chosen from lists."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from surveys.questionnaire import Condition, Kind, Question, Questionnaire, Test
from surveys.questionnaire.terms import AMOUNTS, SETS
from surveys.services.condition_words import amount_text

Sent = MultiValueDict[str, str]
MOST_CONDITIONS = 8
TESTS = {
    Test.ANY_OF: _("one of these was chosen"),
    Test.NONE_OF: _("none of these was chosen"),
    Test.AT_MOST: _("the answer is at most"),
    Test.AT_LEAST: _("the answer is at least"),
    Test.ANSWERED: _("it was answered"),
}
LARGEST = 1e12
# What else has to be said.
WANTED = {
    **dict.fromkeys(
        (Test.ANY_OF.value, Test.NONE_OF.value), ("choices", _("Choose at least one."))
    ),
    **dict.fromkeys((Test.AT_LEAST.value, Test.AT_MOST.value), ("amount", _("Say which amount."))),
}


def tests_of(kind: Kind) -> list[Test]:
    """What can be wanted of a question that is answered like this."""
    if kind in SETS:
        return [Test.ANY_OF, Test.NONE_OF, Test.ANSWERED]
    if kind in AMOUNTS:
        return [Test.AT_MOST, Test.AT_LEAST, Test.ANSWERED]
    return [Test.ANSWERED]


class ConditionForm(forms.Form):
    """One condition: of which earlier question, and what."""

    question_key = forms.ChoiceField(
        label=_("Asked only if of the earlier question"), required=False
    )
    test = forms.ChoiceField(label=_("this holds"))
    choices = forms.MultipleChoiceField(
        label=_("Choices"), required=False, widget=forms.CheckboxSelectMultiple
    )
    amount = forms.FloatField(
        label=pgettext_lazy("of a condition", "Amount"),
        required=False,
        min_value=-LARGEST + 1,
        max_value=LARGEST - 1,
    )

    def __init__(
        self,
        data: Any,
        *,
        number: int,
        asked: Questionnaire,
        known: Sequence[Question],
        said: Sent | None = None,
        condition: Condition | None = None,
    ) -> None:
        prefix = f"when-{number}"
        super().__init__(data, prefix=prefix, initial=_initial(said, prefix, condition))
        written = data if data is not None else said
        kept = condition.question if condition else ""
        key = written.get(f"{prefix}-question_key", "") if written is not None else kept
        self.question = next((each for each in known if each.key == key), None)
        self.is_lost = bool(key) and self.question is None
        self._offer(asked, known)

    def _offer(self, asked: Questionnaire, known: Sequence[Question]) -> None:
        """Only what can be chosen, given the question."""
        fields: dict[str, Any] = self.fields
        numbers = {each.key: number for number, each in enumerate(asked, start=1)}
        fields["question_key"].choices = [("", _("always asked"))] + [
            (each.key, f"{numbers[each.key]}. {Truncator(each.text).chars(60)}") for each in known
        ]
        if self.question is None:
            for name in ("test", "choices", "amount"):
                del fields[name]
            return
        tests = tests_of(self.question.kind)
        fields["test"].choices = [(each.value, TESTS[each]) for each in tests]
        fields["test"].widget.attrs["data-builder-again"] = ""
        if self.question.kind in SETS:
            fields["choices"].choices = [(each.key, each.text) for each in self.question.choices]
        else:
            del fields["choices"]
        if self.question.kind not in AMOUNTS:
            del fields["amount"]
        elif self.question.scale:
            scale = self.question.scale
            fields["amount"].widget.attrs.update({"min": scale[0], "max": scale[-1], "step": 1})
        self._want(tests)

    def _want(self, tests: Sequence[Test]) -> None:
        """What else has to be said for the chosen test has to be said; the rest is not shown."""
        test = str(self["test"].value() or tests[0].value)
        wanted, sentence = WANTED.get(test, ("", ""))
        for name in {"choices", "amount"} & set(self.fields):
            if name == wanted:
                self.fields[name].required = True
                self.fields[name].error_messages["required"] = sentence
            elif test in {each.value for each in tests}:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if self.question is None or "test" in self.errors:
            return said
        wanted = WANTED.get(said["test"])
        if wanted and wanted[0] not in self.errors and said.get(wanted[0]) in (None, []):
            self.add_error(*wanted)
        return said

    @property
    def condition(self) -> Condition | None:
        """What was chosen; nothing if the question is always asked."""
        if self.question is None:
            return None
        said = self.cleaned_data
        test = Test(said["test"])
        has_amount = test in (Test.AT_LEAST, Test.AT_MOST)
        has_choices = test in (Test.ANY_OF, Test.NONE_OF)
        return Condition(
            question=self.question.key,
            test=test,
            choices=frozenset(said["choices"]) if has_choices else frozenset(),
            amount=float(said["amount"]) if has_amount else 0.0,
        )


def _initial(said: Sent | None, prefix: str, condition: Condition | None) -> dict[str, Any]:
    if said is not None:
        names = ("question_key", "test", "amount")
        found: dict[str, Any] = {name: said.get(f"{prefix}-{name}", "") for name in names}
        return {**found, "choices": said.getlist(f"{prefix}-choices")}
    if condition is None:
        return {}
    return {
        "question_key": condition.question,
        "test": condition.test.value,
        "choices": sorted(condition.choices),
        "amount": amount_text(float(condition.amount)),
    }
