"""What is measured: each with its words, what it counts, and its definition."""

from dataclasses import dataclass

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from complaints.models import PromiseKind
from complaints.services.figures_reading import Counts
from reports.services.comparing import Share

Text = str | LazyText


@dataclass(frozen=True, slots=True)
class Measure:
    """A share that tells how good the work is."""

    name: str
    label: Text
    short: Text  # at the head of a column
    part: str  # the figure it is the share of
    rest: str  # the figure that makes up the whole with it; empty: `whole` is one itself
    whole: str
    more_is_better: bool
    definition: Text

    def share(self, counts: Counts) -> Share:
        part = int(getattr(counts, self.part))
        if self.rest:
            return Share(part, part + int(getattr(counts, self.rest)))
        return Share(part, int(getattr(counts, self.whole)))

    @property
    def of(self) -> str:
        """The figure of all tickets that the share is of."""
        return f"{self.name}_known" if self.rest else self.whole

    @property
    def bad(self) -> str:
        """The figure whose tickets one wants to look at."""
        return self.rest if self.more_is_better else self.part


def _promise(name: str, label: Text, short: Text, definition: Text) -> Measure:
    return Measure(name, label, short, f"{name}_kept", f"{name}_missed", "", True, definition)


PROMISES = (
    _promise(
        PromiseKind.ACCEPTANCE.value,
        _("Accepted in time"),
        _("Acceptance"),
        _(
            "Of the tickets received in the period for which it is known whether acceptance was in"
            " time: those accepted before it fell due. Owed and past due counts as missed."
        ),
    ),
    _promise(
        PromiseKind.CALLBACK.value,
        _("Called back in time"),
        _("Callback"),
        _(
            "Of the tickets received in the period whose owner was promised a callback: those whose"
            " owner was reached, or declined to talk, in time in every round. No answer, busy and"
            " wrong number do not count as a callback."
        ),
    ),
    _promise(
        PromiseKind.RESOLUTION.value,
        _("Resolved in time"),
        _("Resolution"),
        _(
            "Of the tickets received in the period: those resolved in time in every round. Time"
            " during which a ticket was paused does not count."
        ),
    ),
    _promise(
        PromiseKind.FOLLOW_UP.value,
        _("Follow-up call in time"),
        _("Follow-up"),
        _(
            "Of the tickets received in the period and resolved since: those whose owner was called"
            " in time to hear whether they are content."
        ),
    ),
)
LOW = Measure(
    "low",
    _("One or two stars"),
    _("1–2 stars"),
    "low",
    "",
    "rated",
    False,
    _("Of the rated tickets those whose last rating is one or two stars."),
)
REOPENED = Measure(
    "reopened",
    _("Reopened"),
    _("Reopened"),
    "reopened",
    "",
    "filed",
    False,
    _(
        "Of the tickets received in the period: those that had to be taken up again at least once,"
        " because they were not fixed or the owner was not content."
    ),
)
SHARES = (*PROMISES, LOW, REOPENED)
BY_NAME = {each.name: each for each in SHARES}

# The rest are counts; their definitions stand beside them all the same.
DEFINITIONS: dict[str, tuple[Text, Text]] = {
    "filed": (
        _("Received"),
        _(
            "Tickets that came in during the period, by the company's own days. All other figures"
            " except “now” are about these tickets, as they stand now."
        ),
    ),
    "open": (_("Open now"), _("Tickets that somebody still has to solve, whenever they came in.")),
    "late": (
        _("Late now"),
        _("Tickets with a promise that is past due and not kept yet, whenever they came in."),
    ),
    "rating": (
        _("Rating"),
        _(
            "The average number of stars of the last rating of each ticket. Asked are owners whose"
            " ticket is resolved or closed."
        ),
    ),
    **{each.name: (each.label, each.definition) for each in SHARES},
    "change": (
        _("Better or worse"),
        _(
            "Said only where chance alone would make such a difference in fewer than 5 of 100 cases"
            " (interval of Wilson and Newcombe), and where both periods have at least ten cases."
            " Among many rows the bar is raised, so that the list of what gets worse holds no"
            " accidents."
        ),
    ),
}
