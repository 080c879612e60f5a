"""The events of a ticket, told to people: who, when, what, from where."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext

from complaints.models import (
    CallbackOutcome,
    EventKind,
    PauseReason,
    Payer,
    PromiseKind,
    TicketEvent,
    WorkRecord,
)
from complaints.models.event import INTERNAL
from tenancy.services.actor import Via
from tenancy.templatetags.moments import written_length, written_moment

ICONS = {
    EventKind.FILED: "mail",
    EventKind.ACCEPTED: "check",
    EventKind.ASSIGNED: "swap",
    EventKind.PAUSED: "pause",
    EventKind.RESUMED: "play",
    EventKind.RESOLVED: "done",
    EventKind.CLOSED: "lock",
    EventKind.REOPENED: "reopen",
    EventKind.URGED: "urge",
    EventKind.CALLED_BACK: "phone",
    EventKind.RATED: "star",
    EventKind.COMMENTED: "comment",
    EventKind.NOTED: "note",
    EventKind.ATTACHED: "attach",
    EventKind.WARNED: "clock",
    EventKind.BREACHED: "late",
    EventKind.ESCALATED: "escalation",
    EventKind.DUE_CHANGED: "calendar",
    EventKind.SET_OFF: "route",
    EventKind.ARRIVED: "place",
    EventKind.WORKED: "repair",
    EventKind.CORRECTED: "edit",
    EventKind.SEEN: "eye",
    EventKind.CALL_RATED: "star",
}
TONES = {
    EventKind.BREACHED: "late",
    EventKind.ESCALATED: "late",
    EventKind.WARNED: "soon",
    EventKind.URGED: "soon",
    EventKind.REOPENED: "soon",
    EventKind.RESOLVED: "ok",
    EventKind.CLOSED: "ok",
    EventKind.NOTED: "note",
}
# Seconds after which the moment itself is told beside the moment we heard of it.
TOLD_LATER = 120
VIA = {
    Via.PAGE: gettext_lazy("in the portal"),
    Via.API: gettext_lazy("through the API"),
    Via.IMPORT: gettext_lazy("by an import"),
}
BECAUSE = {
    "promise": gettext_lazy("The promise was changed."),
    "calendar": gettext_lazy("The working calendar was changed."),
    "rated": gettext_lazy("The owner has confirmed it."),
}
# Why a ticket was opened again, where nobody said so in words of their own.
FACTS = {
    "not fixed": gettext_lazy("not fixed"),
    "reached, not content": gettext_lazy("reached, not content"),
}


@dataclass(slots=True)
class Entry:
    """One line of a timeline."""

    kind: str
    label: str
    icon: str
    tone: str
    at: datetime
    who: str
    via: str
    address: str
    is_internal: bool
    lines: list[str] = field(default_factory=list)
    text: str = ""
    attachment: str = ""


@dataclass(slots=True)
class Teller:
    """Tells events in the reader's language and the company's time."""

    zone: ZoneInfo
    now: datetime

    def entries(self, events: Iterable[TicketEvent]) -> list[Entry]:
        """The events, oldest first, as entries. A resumption says how long was waited."""
        found, paused_at = [], None
        for event in events:
            entry = self.entry(event)
            if event.kind == EventKind.PAUSED:
                paused_at = event.at
            elif event.kind in (EventKind.RESUMED, EventKind.RESOLVED) and paused_at:
                waited = written_length(event.at - paused_at)
                entry.lines.insert(
                    0, _("Waited %(length)s; that does not count.") % {"length": waited}
                )
                paused_at = None
            found.append(entry)
        return found

    def entry(self, event: TicketEvent) -> Entry:
        kind = EventKind(event.kind)
        entry = Entry(
            kind=kind.value,
            label=str(kind.label),
            icon=ICONS[kind],
            tone=TONES.get(kind, ""),
            at=event.at,
            who=event.by.name if event.by else _("the machine"),
            via=str(VIA.get(Via(event.via), "")),
            address=event.address,
            is_internal=kind in INTERNAL,
        )
        if kind in TELLS:
            TELLS[kind](self, entry, event.data)
        return entry

    def moment(self, iso: str) -> str:
        """A stored moment in words."""
        return written_moment(datetime.fromisoformat(iso).astimezone(self.zone), self.now)

    def promises(self, due: Mapping[str, str]) -> list[str]:
        """Promise by promise until when."""
        ordered = sorted(due.items(), key=lambda item: item[1])
        return [
            _("%(promise)s: due %(at)s") % {"promise": promise_label(name), "at": self.moment(at)}
            for name, at in ordered
        ]


def promise_label(name: str) -> str:
    """What a promise is called."""
    return str(PromiseKind(name).label)


def tell_filed(teller: Teller, entry: Entry, data: Mapping[str, Any]) -> None:
    entry.lines = teller.promises(data.get("promised", {}))


def tell_assigned(teller: Teller, entry: Entry, data: Mapping[str, Any]) -> None:
    entry.lines = [" · ".join(filter(None, (data.get("department"), data.get("assignee"))))]


def tell_paused(teller: Teller, entry: Entry, data: Mapping[str, Any]) -> None:
    entry.lines = [str(PauseReason(data["reason"]).label)]
    entry.text = data.get("note", "")


def tell_resumed(teller: Teller, entry: Entry, data: Mapping[str, Any]) -> None:
    entry.lines = teller.promises(data.get("due", {}))


def tell_resolved(teller: Teller, entry: Entry, data: Mapping[str, Any]) -> None:
    entry.text = data.get("solution", "")


def tell_closed(teller: Teller, entry: Entry, data: Mapping[str, Any]) -> None:
    entry.lines = because(data)


def tell_reopened(teller: Teller, entry: Entry, data: Mapping[str, Any]) -> None:
    entry.text = reason(data.get("reason", ""))


def tell_called_back(teller: Teller, entry: Entry, data: Mapping[str, Any]) -> None:
    outcome = CallbackOutcome(data["outcome"])
    entry.lines = [str(outcome.label)]
    if data.get("retry_at"):
        entry.lines.append(_("Call again from %(at)s") % {"at": teller.moment(data["retry_at"])})
    if outcome in (CallbackOutcome.NO_ANSWER, CallbackOutcome.BUSY, CallbackOutcome.WRONG_NUMBER):
        entry.icon, entry.tone = "phone-missed", "soon"
    entry.text = data.get("note", "")


def tell_rated(teller: Teller, entry: Entry, data: Mapping[str, Any]) -> None:
    score = data["score"]
    stars = ngettext("%(n)s star of 5", "%(n)s stars of 5", score) % {"n": score}
    entry.lines = [stars, _("fixed") if data.get("fixed", True) else _("not fixed")]
    entry.text = data.get("comment", "")


def tell_call_rated(teller: Teller, entry: Entry, data: Mapping[str, Any]) -> None:
    score = data["score"]
    entry.lines = [ngettext("%(n)s star of 5", "%(n)s stars of 5", score) % {"n": score}]
    entry.text = data.get("comment", "")


def tell_words(teller: Teller, entry: Entry, data: Mapping[str, Any]) -> None:
    entry.text = data.get("text", "")


def tell_attached(teller: Teller, entry: Entry, data: Mapping[str, Any]) -> None:
    entry.lines, entry.attachment = [data.get("name", "")], data.get("attachment", "")


def tell_step(teller: Teller, entry: Entry, data: Mapping[str, Any]) -> None:
    if data.get("promise"):
        sentence = {"promise": promise_label(data["promise"]), "at": teller.moment(data["due_at"])}
        entry.lines.append(_("%(promise)s: due %(at)s") % sentence)
    if data.get("because"):
        entry.text = reason(data["because"])
    told = data.get("told") or [name for name in [data.get("to")] if name]
    if told:
        # Translators: what stands between the items of a list.
        names = pgettext("between items", ", ").join(told)
        entry.lines.append(_("Told: %(names)s") % {"names": names})


def tell_due_changed(teller: Teller, entry: Entry, data: Mapping[str, Any]) -> None:
    if data.get("because") == "moved":
        entry.label, entry.text = _("day moved"), data["reason"]
    before = data["before"]  # none, where nothing was due
    sentence = _("%(promise)s: %(before)s → %(after)s") % {
        "promise": promise_label(data["promise"]),
        "before": teller.moment(before) if before else "–",
        "after": teller.moment(data["due_at"]),
    }
    entry.lines = [sentence, *because(data)]


def because(data: Mapping[str, Any]) -> list[str]:
    """Why something happened by itself, if that was written down."""
    known: str | LazyText = BECAUSE.get(data.get("because", ""), "")
    return [str(known)] if known else []


def reason(text: str) -> str:
    """What somebody wrote, or the machine's own words for it in the reader's language."""
    return str(FACTS.get(text, text))


def tell_work(teller: Teller, entry: Entry, data: Mapping[str, Any]) -> None:
    """A step that was told later; what was used; how long it took."""
    if data.get("happened_at"):
        happened = datetime.fromisoformat(data["happened_at"])
        if data.get("is_corrected"):
            entry.lines.append(_("The clock of the phone was wrong; it has been set right."))
        if (entry.at - happened).total_seconds() >= TOLD_LATER:
            entry.lines.append(_("It was at %(at)s.") % {"at": teller.moment(data["happened_at"])})
    if data.get("material"):
        entry.label = _("material taken out") if data.get("removed") else _("material used")
        entry.lines.append(f"{data['material']} {data['quantity']} {data.get('unit', '')}".strip())
    if data.get("minutes") is not None:
        entry.lines.append(_("Working minutes: %(minutes)s") % {"minutes": data["minutes"]})


def tell_corrected(teller: Teller, entry: Entry, data: Mapping[str, Any]) -> None:
    for name, before, after in data.get("changes", []):
        column: Any = WorkRecord._meta.get_field(name)
        was, now = (corrected_value(teller, name, each) for each in (before, after))
        entry.lines.append(_("%(what)s: %(before)s → %(after)s") % {
            "what": column.verbose_name, "before": was, "after": now,
        })  # fmt: skip


def corrected_value(teller: Teller, name: str, value: Any) -> str:
    """A value of a work record in the reader's words."""
    if value is None:
        return "–"
    if name == "payer":
        return str(Payer(value).label)
    return teller.moment(value) if name.endswith("_at") else str(value)


TELLS: dict[EventKind, Callable[[Teller, Entry, Mapping[str, Any]], None]] = {
    EventKind.FILED: tell_filed,
    EventKind.ASSIGNED: tell_assigned,
    EventKind.PAUSED: tell_paused,
    EventKind.RESUMED: tell_resumed,
    EventKind.RESOLVED: tell_resolved,
    EventKind.CLOSED: tell_closed,
    EventKind.REOPENED: tell_reopened,
    EventKind.CALLED_BACK: tell_called_back,
    EventKind.RATED: tell_rated,
    EventKind.CALL_RATED: tell_call_rated,
    EventKind.COMMENTED: tell_words,
    EventKind.NOTED: tell_words,
    EventKind.ATTACHED: tell_attached,
    EventKind.WARNED: tell_step,
    EventKind.BREACHED: tell_step,
    EventKind.ESCALATED: tell_step,
    EventKind.DUE_CHANGED: tell_due_changed,
    EventKind.SET_OFF: tell_work,
    EventKind.ARRIVED: tell_work,
    EventKind.WORKED: tell_work,
    EventKind.CORRECTED: tell_corrected,
}
