"""The forms of one's own account: allauth's, in our words and with our limits."""

import hashlib
from contextlib import suppress
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import (
    AddEmailForm,
    ChangePasswordForm,
    ChangePhoneForm,
    ConfirmEmailVerificationCodeForm,
    ReauthenticateForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
    VerifyPhoneForm,
)
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm as FactorReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from tenancy.forms.sign_in import LONGEST_PASSWORD
from tenancy.services.limiting import Unreachable, count
from tenancy.services.phones import claim_address, other_user_of_phone

MOST_TRIES = 3
CODE_SECONDS = 15 * 60
LONGEST_NAME = 40


def password(label: Any, complete: str) -> forms.CharField:
    """A box for a password."""
    return forms.CharField(
        label=label,
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": complete}),
    )


def code(label: Any, help_text: Any = "") -> forms.CharField:
    """A box for a code that is read elsewhere."""
    attributes = {"autocomplete": "one-time-code", "class": "code-input", "autofocus": True}
    return forms.CharField(
        label=label, help_text=help_text, max_length=20, widget=forms.TextInput(attrs=attributes)
    )


def digits(label: Any) -> forms.CharField:
    """A box for a code of digits: a telephone shows its keys for them."""
    field = code(label)
    field.widget.attrs["inputmode"] = "numeric"
    return field


def new_password(form: Any) -> None:
    """The two boxes in which a new password is chosen."""
    form.fields["password1"].label = _("New password")
    form.fields["password1"].help_text = _(
        "At least 10 characters: not only digits, nothing that many use, not your name or account."
    )
    form.fields["password1"].max_length = LONGEST_PASSWORD
    form.fields["password1"].widget.attrs.pop("placeholder", None)
    form.fields["password2"] = password(_("The new password once more"), "new-password")


class PasswordChangeForm(ChangePasswordForm):  # type: ignore[misc]  # allauth publishes no types
    """The old password, and a new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"] = password(_("Present password"), "current-password")
        new_password(self)
        self.order_fields(["oldpassword", "password1", "password2"])


class PasswordSetForm(SetPasswordForm):  # type: ignore[misc]
    """A first password, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        new_password(self)


class PasswordForgottenForm(ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password for whoever came by the letter, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        new_password(self)


class PasswordAgainForm(ReauthenticateForm):  # type: ignore[misc]
    """The password once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = password(_("Password"), "current-password")


class EmailChangeForm(AddEmailForm):  # type: ignore[misc]
    """A new e-mail address, which gets a code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        attributes = {"autocomplete": "email", "inputmode": "email"}
        self.fields["email"] = forms.EmailField(
            label=_("New e-mail address"), max_length=254, widget=forms.EmailInput(attrs=attributes)
        )


class PhoneChangeForm(ChangePhoneForm):  # type: ignore[misc]
    """A new mobile phone, which gets a code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].label = _("New mobile phone")


class _CountedCode:
    """A code takes few tries, also when they arrive all at once: see the form of signing in."""

    expected_code: str

    def clean_code(self) -> str:
        if self.expected_code:
            digest = hashlib.sha256(self.expected_code.encode()).hexdigest()
            with suppress(Unreachable):
                if count(f"account-code:{digest}", window=CODE_SECONDS).times > MOST_TRIES:
                    raise get_adapter().validation_error("incorrect_code")
        return str(super().clean_code())  # type: ignore[misc]


class EmailCodeForm(_CountedCode, ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    """The code that went to the new address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code(_("Code from the e-mail"))

    def clean_code(self) -> str:
        """allauth asks whether the address is still free; nobody is to take it after that."""
        claim_address((self.email or "").lower())
        return super().clean_code()


class PhoneCodeForm(_CountedCode, VerifyPhoneForm):  # type: ignore[misc]
    """The code that went to the new number."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = digits(_("6-digit code"))

    def clean_code(self) -> str:
        """Whoever reads this number's messages may be told whose it is; allauth knows nothing of
        accounts that are closed, nor of somebody who confirms the same number at this moment."""
        typed = super().clean_code()
        claim_address(self.phone)
        other = other_user_of_phone(self.phone, self.user)
        if other is not None:
            raise get_adapter().validation_error(
                "phone_taken" if other.is_active else "phone_closed"
            )
        return typed


class AppForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an authenticator app: proof that it has been set up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = digits(_("6-digit code of the app"))


FACTOR = _("Code of the app, or a recovery code")


class FactorForm(AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = digits(FACTOR)


class FactorAgainForm(FactorReauthenticateForm):  # type: ignore[misc]
    """The second factor once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = digits(FACTOR)


def short_name(field: forms.Field) -> None:
    """The name of a passkey has to be there, and to fit into a line."""
    field.label, field.required = _("Name"), True
    field.validators.append(MaxLengthValidator(LONGEST_NAME))
    field.widget.attrs["maxlength"] = LONGEST_NAME


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey. It always opens the account by itself: that is what people expect of one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        name.help_text = _("By which you know it again, e.g. “My telephone”.")
        short_name(name)
        self.fields["passwordless"].widget = forms.HiddenInput()
        self.initial["passwordless"] = True


class PasskeyNameForm(EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        short_name(self.fields["name"])
