"""The three forms of signing in. allauth does the rest."""

import hashlib
from contextlib import suppress
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.app_settings import LOGIN_BY_CODE_MAX_ATTEMPTS
from allauth.account.forms import ConfirmLoginCodeForm, LoginForm, RequestLoginCodeForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tenancy.services.limiting import Unreachable, count
from tenancy.services.phones import LONGEST_TYPED, normal_phone

CODE_SECONDS = 5 * 60
LONGEST_NAME = 150
LONGEST_PASSWORD = 256  # longer ones only keep the hash busy


class PhoneField(forms.CharField):
    """A telephone number in any usual spelling; its value is E.164."""

    default_error_messages = {"invalid": _("This is not a valid telephone number.")}

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"type": "tel", "autocomplete": "tel", "inputmode": "tel"}
        kwargs.setdefault("widget", forms.TextInput(attrs=attributes))
        kwargs.setdefault("label", _("Mobile phone"))
        super().__init__(max_length=LONGEST_TYPED, **kwargs)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        phone = normal_phone(typed)
        if typed and not phone:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return phone


class PasswordForm(LoginForm):  # type: ignore[misc]  # allauth publishes no types
    """By account name or mobile phone, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("Account or mobile phone"),
            max_length=LONGEST_NAME,
            widget=forms.TextInput(
                attrs={"autocomplete": "username webauthn", "autocapitalize": "none"}
            ),
        )
        password = self.fields["password"]
        password.label, password.help_text, password.max_length = (
            _("Password"),
            "",
            LONGEST_PASSWORD,
        )
        password.widget.attrs.pop("placeholder", None)
        self.order_fields(["login", "password"])


class CodeRequestForm(RequestLoginCodeForm):  # type: ignore[misc]
    """By mobile phone, to which a code is sent."""


class CodeForm(ConfirmLoginCodeForm):  # type: ignore[misc]
    """The code that was sent."""

    def clean_code(self) -> str:
        """A code takes three tries, also when they arrive all at once: the session, where they
        are counted too, is read by each before another has written it."""
        if self.expected_code:
            digest = hashlib.sha256(self.expected_code.encode()).hexdigest()
            with suppress(Unreachable):
                tries = count(f"sign-in-code:{digest}", window=CODE_SECONDS).times
                if tries > LOGIN_BY_CODE_MAX_ATTEMPTS:
                    raise get_adapter().validation_error("incorrect_code")
        return str(super().clean_code())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        attributes = {
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "class": "code-input",
            "autofocus": True,
        }
        self.fields["code"] = forms.CharField(
            label=_("6-digit code"), max_length=20, widget=forms.TextInput(attrs=attributes)
        )
