"""The table of what a member wants to be told, and how."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from notifications.models import Channel, Kind


class PreferencesForm(forms.Form):
    """One switch per kind and channel."""

    def __init__(
        self,
        *args: Any,
        kinds: Iterable[Kind],
        channels: Iterable[Channel],
        wanted: Mapping[tuple[str, str], bool],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kinds, self.channels = list(kinds), list(channels)
        for kind, channel in self.pairs():
            self.fields[f"{kind}-{channel}"] = forms.BooleanField(
                required=False,
                initial=wanted[kind, channel],
                label=_("%(kind)s, by %(channel)s")
                % {"kind": kind.label, "channel": channel.label},
                widget=forms.CheckboxInput({"class": "form-check-input", "role": "switch"}),
            )

    def pairs(self) -> Iterator[tuple[Kind, Channel]]:
        for kind in self.kinds:
            for channel in self.channels:
                yield kind, channel

    def table(self) -> list[tuple[Kind, list[tuple[Channel, Any]]]]:
        """Each kind with its switches, for the page."""
        return [
            (kind, [(channel, self[f"{kind}-{channel}"]) for channel in self.channels])
            for kind in self.kinds
        ]

    def wanted(self) -> dict[tuple[str, str], bool]:
        """What was said."""
        return {
            (kind, channel): self.cleaned_data[f"{kind}-{channel}"]
            for kind, channel in self.pairs()
        }
