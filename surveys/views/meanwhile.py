"""Forms upon something that somebody else may have changed since it was read."""

from typing import Any

from django.forms import Form

from surveys.services.survey import ChangedMeanwhile
from tenancy.pages import EditPage
from tenancy.services.refusal import Refused


class MeanwhilePage(EditPage):
    """What was written stays on the page beside a way to what is there now; saved again, it stands.

    The form has a hidden field `seen`, filled with `mark`.
    """

    now_at = ""  # where one sees what is there, after it was changed meanwhile

    def mark(self) -> str:
        """Of what is there now."""
        raise NotImplementedError

    def address(self) -> str:
        """Where one reads it."""
        raise NotImplementedError

    def refused(self, form: Form, refusal: Refused) -> Form:
        if isinstance(refusal, ChangedMeanwhile):
            sent = self.request.POST.copy()
            sent["seen"] = self.mark()
            form = self.form(sent, self.request.FILES)
            self.now_at = self.address()
        return super().refused(form, refusal)

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(now_at=self.now_at, **more)
