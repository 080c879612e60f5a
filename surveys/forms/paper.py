"""A table of questionnaires that were filled in on paper."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

MOST_BYTES = 5_000_000


class TableForm(forms.Form):
    """Pasted from a spreadsheet, or a file of comma-separated values."""

    text = forms.CharField(
        label=_("Table"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_(
            "Copy the cells from the spreadsheet and paste them here. First line: “code” and the "
            "questions, by number (3, and 5_1 for a line of a matrix) or by key."
        ),
    )
    file = forms.FileField(label=_("or a CSV file"), required=False)

    def clean(self) -> dict[str, Any] | None:
        found = super().clean()
        upload = self.cleaned_data.get("file")
        if upload is not None:
            self.cleaned_data["text"] = self._read(upload)
        if not self.cleaned_data.get("text", "").strip() and not self.errors:
            self.add_error("text", _("Paste a table or choose a file."))
        return found

    def _read(self, upload: Any) -> str:
        if upload.size > MOST_BYTES:
            self.add_error("file", _("The file is too large."))
            return ""
        content: bytes = upload.read()
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
        self.add_error("file", _("This is no text file. Save the sheet as CSV."))
        return ""
