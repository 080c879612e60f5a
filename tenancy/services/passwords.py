"""Which passwords this installation does not take."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

DEMO_PASSWORD = "portal-demo-2026"  # noqa: S105 - public by design, refused outside the demo


def is_refused(password: str) -> bool:
    """Whether it is the password that everybody knows, in an installation that is no demo."""
    return password == DEMO_PASSWORD and not settings.DEMO


class DemoPasswordValidator:
    """Nobody may choose the demo's password outside the demo (AUTH_PASSWORD_VALIDATORS)."""

    def validate(self, password: str, user: object = None) -> None:
        if is_refused(password):
            raise ValidationError(_("This password is published with the demo."), "demo_password")

    def get_help_text(self) -> str:
        return _("Not the password of the demo.")
