"""No, and why."""

from typing import Any

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """A service will not do what was asked. Nothing was changed.

    `sentence` is for the person (translated when shown), `code` for the machine and stable;
    `status` is what the API answers with.
    """

    code = "refused"
    status = 409
    sentence: str | LazyText = _("This is not possible.")

    def __init__(self, **params: Any) -> None:
        self.params = params
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.sentence) % self.params if self.params else str(self.sentence)
