"""Planning a wave: whom, how many of them, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from surveys.models import Audience, Survey
from surveys.services.audiences import FURTHEST, Option, Part, Source, lost, sources_kept
from surveys.services.wave import LARGEST, MOST_REMINDERS, in_time
from surveys.services.wave_rhythm import HALF, QUARTER, YEAR
from tenancy.models import Membership

USUAL_MONTHS = 6


def laid_aside(source: Source, keys: Sequence[str], member: Membership) -> list[Option]:
    """What a plan has and nobody offers any more: it stays until somebody takes its tick away."""
    if not keys:
        return []
    names, under = source.names(keys, member), str(_("no longer used"))
    return [Option(key, names.get(key, under), under) for key in keys]


@dataclass(frozen=True, slots=True)
class Offer:
    """A source as it is drawn: its parts under their headings, ticked or not."""

    source: Source
    name: str
    groups: Sequence[tuple[str, Sequence[tuple[Option, bool]]]]
    chosen: int
    months: Any  # a bound field, where the source looks back


class AudienceForm(forms.Form):
    """Whom a wave asks, and whether all of them."""

    how = forms.ChoiceField(
        label=_("How many"),
        choices=[("census", _("everybody")), ("sample", _("a random sample"))],
        widget=forms.RadioSelect,
        initial="census",
    )
    sample_size = forms.IntegerField(
        label=_("Size of the sample"),
        required=False,
        min_value=1,
        max_value=LARGEST,
        help_text=_("Drawn at random, from every building its share."),
    )

    def __init__(
        self,
        *args: Any,
        survey: Survey,
        member: Membership,
        kept: Sequence[Part] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.options: dict[str, Sequence[Option]] = {}
        self.sources = []
        gone = {part.source: part.keys for part in lost(kept, member)}
        for source in sources_kept(survey.audience, kept):
            options = [
                *source.options(member),
                *laid_aside(source, gone.get(source.name, ()), member),
            ]
            if options:
                self.sources.append(source)
                self.options[source.name] = options
                self.offer(source, options)

    def offer(self, source: Source, options: Sequence[Option]) -> None:
        """A field for the parts of a source."""
        self.fields[f"part_{source.name}"] = forms.MultipleChoiceField(
            label=str(source.label),
            required=False,
            choices=[(option.key, option.label) for option in options],
        )
        if source.looks_back:
            self.fields[f"months_{source.name}"] = forms.IntegerField(
                label=_("in the last months"),
                required=False,
                min_value=1,
                max_value=FURTHEST,
                initial=USUAL_MONTHS,
            )

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("how") == "census":
            found["sample_size"] = None
        elif not found.get("sample_size") and "sample_size" not in self.errors:
            self.add_error("sample_size", _("Say how many are to be asked."))
        return found

    @property
    def parts(self) -> list[Part]:
        """What was chosen."""
        found = []
        for source in self.sources:
            keys = tuple(self.cleaned_data.get(f"part_{source.name}", ()))
            months = self.cleaned_data.get(f"months_{source.name}") or USUAL_MONTHS
            if keys:
                found.append(Part(source.name, keys, months if source.looks_back else None))
        return found

    def offers(self) -> list[Offer]:
        """The sources, to be drawn."""
        return [self.drawn(source) for source in self.sources]

    def drawn(self, source: Source) -> Offer:
        name = f"part_{source.name}"
        ticked = {str(key) for key in self[name].value() or ()}
        groups = [
            (under, [(option, option.key in ticked) for option in options])
            for under, options in groupby(self.options[source.name], key=lambda each: each.under)
        ]
        months = self[f"months_{source.name}"] if source.looks_back else None
        return Offer(source, name, groups, len(ticked), months)


class WaveForm(AudienceForm):
    """Everything that is decided about a wave."""

    # The mark of the plan this was filled from; none: it is a new one.
    seen = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    name = forms.CharField(
        label=pgettext_lazy("of a wave", "Name"),
        max_length=60,
        help_text=_("Owners read it, e.g. “2026, second half”."),
    )
    opens_on = forms.DateField(
        label=_("Opens on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Today: whoever is invited is told at once."),
    )
    closes_on = forms.DateField(
        label=_("Last day to answer"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    remind_after_days = forms.CharField(
        label=_("Reminders after days"),
        required=False,
        max_length=40,
        help_text=_("Only to those who have not answered. Empty: none."),
    )
    most_per_building = forms.IntegerField(
        label=_("Quota: most answers of a building"),
        required=False,
        min_value=1,
        max_value=LARGEST,
        help_text=_("When so many have answered, the others there are thanked. Empty: no quota."),
    )
    repeats_months = forms.TypedChoiceField(
        label=_("Ask again by itself"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", _("no")),
            (QUARTER, _("every quarter")),
            (HALF, _("every half-year")),
            (YEAR, _("every year")),
        ],
        help_text=_(
            "For the whole survey. A wave of only some of those who are asked anyway is not "
            "repeated."
        ),
    )

    def __init__(self, *args: Any, survey: Survey, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, survey=survey, member=member, **kwargs)
        if not member.all_communities:
            self.fields["repeats_months"].help_text = _(
                "For the whole survey: only somebody who looks after all communities changes it."
            )
        if survey.audience == Audience.STAFF:  # who live in none of the buildings
            self.fields["name"].help_text = _(
                "Those who are asked read it, e.g. “2026, second half”."
            )
            del self.fields["most_per_building"]

    def clean_remind_after_days(self) -> list[int]:
        """Days, however they are separated."""
        words = self.cleaned_data["remind_after_days"].replace("，", ",").replace("、", ",")
        days = words.replace(",", " ").split()
        if len(days) > MOST_REMINDERS or not all(day.isdecimal() and len(day) < 4 for day in days):
            raise forms.ValidationError(
                _("Write numbers of days with commas between them, e.g. 4, 9."), code="wrong_days"
            )
        return [int(day) for day in days]

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        opens_on, closes_on = found.get("opens_on"), found.get("closes_on")
        if opens_on and closes_on and closes_on < opens_on:
            self.add_error("closes_on", _("The last day is before the first one."))
        days = found.get("remind_after_days") or []
        if opens_on and closes_on and in_time(days, opens_on, closes_on) != days:
            words = _("A reminder would come after the last day to answer: leave it out.")
            self.add_error("remind_after_days", words)
        return found

    @property
    def facts(self) -> dict[str, Any]:
        """What the services are given."""
        names = ("name", "opens_on", "closes_on", "sample_size", "most_per_building")
        return {
            **{name: self.cleaned_data.get(name) for name in names},
            "remind_after_days": self.cleaned_data["remind_after_days"],
            "parts": self.parts,
        }


class ProlongForm(forms.Form):
    """A later last day."""

    closes_on = forms.DateField(
        label=_("New last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
