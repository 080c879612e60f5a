"""What somebody says about a token they want."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenancy.models import Membership
from tenancy.models.token import TokenScope
from tenancy.permissions import Can

LIFETIMES = {"30": _("30 days"), "90": _("90 days"), "365": _("1 year"), "0": _("until revoked")}


class TokenForm(forms.Form):
    """A name, what it may do, and for how long."""

    name = forms.CharField(
        label=_("What it is for"), max_length=60, help_text=_("For example: the gate's computer.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), widget=forms.CheckboxSelectMultiple, initial=[TokenScope.READ]
    )
    lifetime = forms.ChoiceField(
        label=_("Valid for"), choices=list(LIFETIMES.items()), initial="90"
    )

    def __init__(self, *args: Any, me: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [  # type: ignore[attr-defined]
            (scope.value, scope.label)
            for scope in TokenScope
            if scope is not TokenScope.PERSONAL or me.can(Can.REVEAL_PERSONAL)
        ]

    @property
    def validity(self) -> timedelta | None:
        """How long from now; None for ever."""
        days = int(self.cleaned_data["lifetime"])
        return timedelta(days=days) if days else None
