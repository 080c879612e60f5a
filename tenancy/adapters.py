"""What allauth must know about our people: phones, refused passwords, languages, closed doors."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from tenancy.forms.sign_in import PhoneField
from tenancy.models import User
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
        "incorrect_code": _("This code is not right."),
        "demo_password": _(
            "The password of the demo does not open this installation. Ask your company's admin."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by the company, never by a visitor."""
        return False

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
        self.set_phone(user, phone, verified=True)


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
