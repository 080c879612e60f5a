"""What allauth must know about our people: phones, refused passwords, languages, second factors."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_lazy as _

from tenancy.fields import decrypt, encrypt
from tenancy.forms.sign_in import PhoneField
from tenancy.models import User
from tenancy.services.aside import aside
from tenancy.services.passwords import is_refused
from tenancy.services.phones import normal_phone, user_of_phone


class RefusedPasswords:
    """Stands first among the backends: no door lets the demo's password in outside the demo."""

    def authenticate(self, request: Any, **credentials: Any) -> None:
        if is_refused(credentials.get("password") or ""):
            raise PermissionDenied


class PeopleAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth publishes no types
    """People sign in by account name or phone. Sending the code is left to the floor above."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("Account or password is not right."),
        "phone_password_mismatch": _("Account or password is not right."),
        "too_many_login_attempts": _("Too many attempts. Please wait a few minutes."),
        "rate_limited": _("Too many attempts. Please wait a few minutes."),
        "incorrect_code": _("This code is not right."),
        "incorrect_password": _("This password is not right."),
        "enter_current_password": _("This password is not right."),
        "same_as_current": _("This is what you have now."),
        "phone_taken": _("This number belongs to another account."),
        "phone_closed": _(
            "This number belongs to an account that has been closed. Please call your property"
            " company."
        ),
        "email_taken": _("This address belongs to another account."),
        "duplicate_email": _("This is what you have now."),
        "demo_password": _(
            "The password of the demo does not open this installation. Ask your company's admin."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by the company, never by a visitor."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Whether one may be led there; what is no address, e.g. `//[`, leads nowhere."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def get_login_stages(self) -> list[str]:
        """Whose address is not confirmed gets in all the same: the company has put it there."""
        stages: list[str] = super().get_login_stages()
        return [stage for stage in stages if not stage.endswith(".EmailVerificationStage")]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        if is_refused(credentials.get("password") or ""):
            raise self.validation_error("demo_password")
        super().pre_authenticate(request, **credentials)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Go on in the language the person chose, whatever this browser prefers."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if user.language:
            remember_language(response, user.language)
        return response

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Written here, sent beside the request: how long it takes tells no one who has an account.

        The words are ours where there are some (`templates/account/email`, `templates/mfa/email`).
        """
        facts = {"request": self.request, "email": email, "current_site": self.site()}
        letter = self.render_mail(template_prefix, email, {**facts, **context})
        aside(lambda: letter.send())

    def site(self) -> Any:
        return get_current_site(self.request)

    # --- telephones ---

    def phone_form_field(self, **kwargs: Any) -> PhoneField:
        return PhoneField(**kwargs)

    def get_user_by_phone(self, phone: str) -> User | None:
        return user_of_phone(phone)

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified) if user.phone else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        user.set_phone(normal_phone(phone))
        user.phone_verified = verified
        user.save(update_fields=["phone", "phone_index", "phone_verified"])

    def set_phone_verified(self, user: User, phone: str) -> None:
        """It has answered. Where it replaces another number, that one hears of it."""
        before = user.phone
        self.set_phone(user, phone, verified=True)
        if before and before != user.phone:
            self.phone_was_changed(user, before)

    def phone_was_changed(self, user: User, before: str) -> None:
        self.send_notification_mail("account/email/phone_changed", user)


class FactorsAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors. Their secrets are encrypted as phones are, by keys apart from SECRET_KEY."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not right."),
        "cannot_generate_recovery_codes": _("Set up an app or a passkey first."),
    }

    def encrypt(self, text: str) -> str:
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text)

    def get_totp_issuer(self) -> str:
        return gettext("Owner relations portal")

    def get_totp_label(self, user: User) -> str:
        return user.username

    def _get_site_name(self) -> str:
        return gettext("Owner relations portal")

    def _get_user_identifier(self, user: User) -> str:
        return user.username

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey %(number)s") % {"number": number}


def remember_language(response: HttpResponse, language: str) -> None:
    """Let this browser ask for the language from now on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.SESSION_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
