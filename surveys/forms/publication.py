"""Writing what owners are told, letting everybody read it, and taking it back."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.models import LineState
from surveys.models.publication import LONGEST_LINE, LONGEST_TITLE, LONGEST_WORDS
from surveys.services.publishing import MOST_LINES, Content, LineSaid, QuoteSaid

MORE = 2  # empty lines to write in


class LineForm(forms.Form):
    """One thing under "what we did"; left empty, it is none."""

    improvement = forms.UUIDField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(label=_("In words for owners"), max_length=LONGEST_LINE, required=False)
    translated = forms.CharField(label=_("Translation"), max_length=LONGEST_LINE, required=False)
    state = forms.ChoiceField(
        label=_("How far it is"), choices=LineState.choices, required=False,
        initial=LineState.PLANNED,
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("improvement") and not said.get("text") and not said.get("DELETE"):
            self.add_error("text", _("Say it in words, or tick “leave it out”."))
        return said


class QuoteForm(forms.Form):
    """A quote: shortened, and looked at."""

    mark = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Quote"), max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 3})
    )
    is_checked = forms.BooleanField(
        label=_("I have looked: nobody can be recognised by it"), required=False
    )


LineSet: Any = forms.formset_factory(
    LineForm, extra=MORE, can_delete=True, max_num=MOST_LINES + 20, absolute_max=MOST_LINES + 20
)
QuoteSet: Any = forms.formset_factory(
    QuoteForm, extra=0, can_delete=True, max_num=40, absolute_max=40
)


class PublicationForm(forms.Form):
    """The whole publication: its own words, what is shown, what was done, and quotes."""

    seen = forms.CharField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE)
    introduction = forms.CharField(
        label=_("Your words to the owners"), max_length=LONGEST_WORDS, required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("They stand at the top. Thank them, and say what matters most to you."),
    )  # fmt: skip
    title_translated = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE, required=False)
    introduction_translated = forms.CharField(
        label=_("Your words to the owners"), max_length=LONGEST_WORDS, required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )  # fmt: skip
    items = forms.MultipleChoiceField(
        label=_("What is shown"), required=False, widget=forms.CheckboxSelectMultiple
    )
    may_be_found = forms.BooleanField(
        label=_("Search engines may list it"), required=False,
        help_text=_("Otherwise whoever has the address, or comes from the portal, can read it."),
    )  # fmt: skip

    def __init__(
        self,
        data: Any = None,
        _files: Any = None,
        *,
        language: str,
        items: Sequence[tuple[str, str]],
        lines: Sequence[dict[str, Any]],
        quotes: Sequence[dict[str, Any]],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.language = language  # of the translation
        fields: Any = self.fields
        fields["items"].choices = items
        self.lines = LineSet(data, initial=lines, prefix="line")
        self.quotes = QuoteSet(data, initial=quotes, prefix="quote")

    def is_valid(self) -> bool:
        parts = [super().is_valid(), self.lines.is_valid(), self.quotes.is_valid()]
        return all(parts)

    @property
    def content(self) -> Content:
        """What was written."""
        said = self.cleaned_data
        words = {
            "title": said["title_translated"], "introduction": said["introduction_translated"]
        }  # fmt: skip
        return Content(
            title=said["title"],
            introduction=said["introduction"],
            translations={self.language: words} if any(words.values()) else {},
            items=said["items"],
            may_be_found=said["may_be_found"],
            lines=[self.line(each) for each in self.kept(self.lines) if each.get("text")],
            quotes=[
                QuoteSaid(each["mark"], each["text"], each["is_checked"])
                for each in self.kept(self.quotes)
            ],
        )

    def kept(self, forms_of: Any) -> list[dict[str, Any]]:
        """Those that nobody has left out."""
        rows = [each.cleaned_data for each in forms_of if each.cleaned_data]
        return [each for each in rows if not each.get("DELETE")]

    def line(self, said: dict[str, Any]) -> LineSaid:
        translated = {self.language: said["translated"]} if said["translated"] else {}
        return LineSaid(said["text"], translated, said["improvement"], said["state"])


class ApproveForm(forms.Form):
    """Let everybody read it."""

    seen = forms.CharField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("What was corrected"), max_length=LONGEST_LINE, required=False,
        help_text=_("It stands on the page, with the day."),
    )  # fmt: skip


class WithdrawForm(forms.Form):
    """Take it back."""

    reason = forms.CharField(
        label=_("Why"), max_length=LONGEST_LINE,
        help_text=_("Whoever opens the page reads it."),
    )  # fmt: skip


class BeginForm(forms.Form):
    """For which community."""

    community = forms.UUIDField()


class QuotingForm(forms.Form):
    """Which text is to be quoted."""

    mark = forms.UUIDField()
