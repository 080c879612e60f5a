"""What is prepared to be said."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from complaints.models import Category
from complaints.models.answer import LONGEST_ANSWER, LONGEST_TITLE
from complaints.services.answer import places


class AnswerForm(forms.Form):
    """A text, what it is for, and where it is offered."""

    title = forms.CharField(
        label=_("What it is for"),
        max_length=LONGEST_TITLE,
        help_text=_("It is found by this, by its pinyin initials too."),
    )
    text = forms.CharField(
        label=pgettext_lazy("of a prepared answer", "Text"),
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    category: Any = forms.ModelChoiceField(
        label=_("Category"),
        required=False,
        queryset=None,
        empty_label=_("all of them"),
        help_text=_("Offered first with tickets of this category."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("the company's own")), *settings.LANGUAGES],
        help_text=_("Offered first to owners who read it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = _(
            "%(places)s are replaced by the owner's name, the ticket's number, the company and "
            "whoever writes."
        ) % {"places": places()}
        field: Any = self.fields["category"]
        field.queryset = Category.objects.active().order_by("kind", "position", "name")
        field.label_from_instance = named


def named(category: Category) -> str:
    """Two kinds may have a category of one name."""
    return f"{category.get_kind_display()} · {category}"
