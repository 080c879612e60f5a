"""A ticket's history in the words of the person who spoke up.

What staff write for each other – notes, reasons, what was said on the telephone – is not in it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _, gettext_lazy, ngettext

from complaints.models import (
    Attachment,
    CallbackOutcome,
    EventKind,
    PauseReason,
    PromiseKind,
    Source,
    TicketEvent,
)
from tenancy.models import Membership
from tenancy.templatetags.moments import written_moment

# What each promise means to the one who was promised something.
PROMISED = {
    PromiseKind.ACCEPTANCE: gettext_lazy("Taking it on"),
    PromiseKind.CALLBACK: gettext_lazy("Calling you back"),
    PromiseKind.RESOLUTION: gettext_lazy("Solving it"),
    PromiseKind.FOLLOW_UP: gettext_lazy("Asking you whether it is fixed"),
}
BROKEN = {
    PromiseKind.ACCEPTANCE: gettext_lazy("Nobody had taken it on by %(due)s, as we promised."),
    PromiseKind.CALLBACK: gettext_lazy("We had not called you by %(due)s, as we promised."),
    PromiseKind.RESOLUTION: gettext_lazy("It was not solved by %(due)s, as we promised."),
    PromiseKind.FOLLOW_UP: gettext_lazy("We had not asked you again by %(due)s, as we promised."),
}
WAITING = {
    PauseReason.OWNER: gettext_lazy("We are waiting for you"),
    PauseReason.PART: gettext_lazy("We are waiting for a part"),
    PauseReason.THIRD_PARTY: gettext_lazy("We are waiting for another firm or authority"),
}
CALLED = {
    CallbackOutcome.REACHED_SATISFIED: gettext_lazy("We spoke with you on the telephone."),
    CallbackOutcome.REACHED_UNSATISFIED: gettext_lazy(
        "We spoke with you on the telephone. You are not content yet."
    ),
    CallbackOutcome.NO_ANSWER: gettext_lazy("We called you, but could not reach you."),
    CallbackOutcome.BUSY: gettext_lazy("We called you; your line was busy."),
    CallbackOutcome.WRONG_NUMBER: gettext_lazy(
        "We called, but the number we have for you is not right. Please tell us the right one."
    ),
    CallbackOutcome.DECLINED: gettext_lazy("We called you; you did not want to talk about it."),
}
MOVED = {
    "promise": gettext_lazy("because our promises have changed"),
    "calendar": gettext_lazy("because our opening times have changed"),
}


@dataclass(frozen=True)
class Line:
    """One thing that happened, as the owner reads it."""

    at: datetime
    icon: str
    sentence: str
    words: str = ""
    tone: str = ""  # good, late, mine, wait
    stars: int = 0
    who: UUID | None = None
    files: list[Attachment] = field(default_factory=list)


@dataclass(frozen=True)
class Reader:
    """Who reads, where, and when."""

    me: Membership
    zone: ZoneInfo
    now: datetime

    def moment(self, stored: str) -> str:
        """A stored moment in the company's time and the reader's words."""
        return written_moment(datetime.fromisoformat(stored).astimezone(self.zone), self.now)

    def is_mine(self, event: TicketEvent) -> bool:
        return bool(event.by_id == self.me.pk)


def tell_story(
    events: Iterable[TicketEvent], files: Iterable[Attachment], source: str, reader: Reader
) -> list[Line]:
    """Every event an owner may read, the newest first; files added together stand together."""
    by_id = {str(each.pk): each for each in files}
    lines: list[Line] = []
    for event in events:
        if event.kind == EventKind.ATTACHED:
            add_file(lines, event, by_id[event.data["attachment"]], reader)
        else:
            said = TELLERS[EventKind(event.kind)](event, reader)
            if event.kind == EventKind.FILED and not reader.is_mine(event):
                told = _("You told us about it (%(channel)s).")
                said = replace(said, sentence=told % {"channel": Source(source).label})
            lines.append(said)
    return lines[::-1]


def line(event: TicketEvent, icon: str, sentence: str, **more: Any) -> Line:
    return Line(at=event.at, icon=icon, sentence=sentence, who=event.by_id, **more)


def name_of(event: TicketEvent) -> str:
    return event.by.name if event.by else _("the portal")


def add_file(lines: list[Line], event: TicketEvent, file: Attachment, reader: Reader) -> None:
    """A line of its own, or one more picture on the line before."""
    before = lines[-1] if lines else None
    if before and before.who == event.by_id and (before.files or before.at == event.at):
        before.files.append(file)
        return
    mine = reader.is_mine(event)
    sentence = _("You added files") if mine else _("%(name)s added files")
    told = sentence if mine else sentence % {"name": name_of(event)}
    lines.append(line(event, "camera", told, files=[file], tone="mine" if mine else ""))


def filed(event: TicketEvent, reader: Reader) -> Line:
    promised = event.data.get("promised", {}).get("callback")
    words = ""
    if promised:
        words = _("We promised to call you back by %(at)s.") % {"at": reader.moment(promised)}
    return line(event, "complaint", _("You told us about it."), words=words, tone="mine")


def accepted(event: TicketEvent, reader: Reader) -> Line:
    return line(event, "user", _("%(name)s has taken it on.") % {"name": name_of(event)})


def assigned(event: TicketEvent, reader: Reader) -> Line:
    place, person = event.data.get("department", ""), event.data.get("assignee", "")
    if place and person:
        sentence = _("Handed to %(person)s, %(department)s.")
    else:
        sentence = _("Handed to %(person)s.") if person else _("Handed to %(department)s.")
    return line(event, "swap", sentence % {"person": person, "department": place})


def paused(event: TicketEvent, reader: Reader) -> Line:
    reason = WAITING[PauseReason(event.data["reason"])]
    text = _("%(reason)s. This time does not count against our promise.") % {"reason": reason}
    return line(event, "pause", text, tone="wait")


def resumed(event: TicketEvent, reader: Reader) -> Line:
    words, due = "", event.data.get("due", {}).get("resolution")
    if due:
        words = _("It is to be solved by %(at)s.") % {"at": reader.moment(due)}
    return line(event, "play", _("We are going on."), words=words)


def called(event: TicketEvent, reader: Reader) -> Line:
    outcome = CallbackOutcome(event.data["outcome"])
    again = event.data.get("retry_at", "")
    words = _("We will try again from %(at)s.") % {"at": reader.moment(again)} if again else ""
    return line(event, "phone-missed" if again else "phone", str(CALLED[outcome]), words=words)


def resolved(event: TicketEvent, reader: Reader) -> Line:
    sentence = _("%(name)s has done it:") % {"name": name_of(event)}
    return line(event, "done", sentence, words=event.data.get("solution", ""), tone="good")


def closed(event: TicketEvent, reader: Reader) -> Line:
    thanks = event.data.get("because") == "rated"
    return line(event, "check", _("Closed. Thank you for telling us.") if thanks else _("Closed."))


def reopened(event: TicketEvent, reader: Reader) -> Line:
    sentence = _("We have opened it again.")
    if reader.is_mine(event):
        sentence = _("Opened again because you are not content. A supervisor looks after it now.")
    return line(event, "reopen", sentence, tone="wait")


def urged(event: TicketEvent, reader: Reader) -> Line:
    return line(event, "urge", _("You asked us to hurry."), tone="mine")


def rated(event: TicketEvent, reader: Reader) -> Line:
    score = int(event.data["score"])
    sentence = ngettext("You gave %(n)s star.", "You gave %(n)s stars.", score) % {"n": score}
    if not event.data.get("fixed", True):
        sentence = _("%(rating)s You said it is not fixed.") % {"rating": sentence}
    return line(
        event, "star", sentence, words=event.data.get("comment", ""), stars=score, tone="mine"
    )


def call_rated(event: TicketEvent, reader: Reader) -> Line:
    score = int(event.data["score"])
    sentence = ngettext(
        "You gave our call %(n)s star.", "You gave our call %(n)s stars.", score
    ) % {"n": score}
    words = event.data.get("comment", "")
    return line(event, "star", sentence, words=words, stars=score, tone="mine")


def commented(event: TicketEvent, reader: Reader) -> Line:
    mine = reader.is_mine(event)
    sentence = _("You wrote:") if mine else _("%(name)s wrote:") % {"name": name_of(event)}
    tone = "mine" if mine else ""
    return line(event, "comment", sentence, words=event.data.get("text", ""), tone=tone)


def breached(event: TicketEvent, reader: Reader) -> Line:
    due = reader.moment(event.data["due_at"])
    sentence = str(BROKEN[PromiseKind(event.data["promise"])]) % {"due": due}
    return line(event, "late", sentence, words=_("We are late, and we are sorry."), tone="late")


def due_changed(event: TicketEvent, reader: Reader) -> Line:
    sentence = _("“%(promise)s”: now by %(due)s instead of %(before)s, %(why)s.") % {
        "promise": PROMISED[PromiseKind(event.data["promise"])],
        "due": reader.moment(event.data["due_at"]),
        "before": reader.moment(event.data["before"]),
        "why": MOVED.get(event.data.get("because", ""), MOVED["promise"]),
    }
    return line(event, "clock", sentence, tone="wait")


def at_work(event: TicketEvent, reader: Reader) -> Line:
    """On the way, or there; told later when there was no signal."""
    is_there = event.kind == EventKind.ARRIVED
    sentence = _("%(name)s has arrived.") if is_there else _("%(name)s is on the way.")
    moment = datetime.fromisoformat(event.data["happened_at"])
    told = line(event, "place" if is_there else "route", sentence % {"name": name_of(event)})
    return replace(told, at=moment)


TELLERS: dict[EventKind, Callable[[TicketEvent, Reader], Line]] = {
    EventKind.FILED: filed,
    EventKind.ACCEPTED: accepted,
    EventKind.ASSIGNED: assigned,
    EventKind.PAUSED: paused,
    EventKind.RESUMED: resumed,
    EventKind.RESOLVED: resolved,
    EventKind.CLOSED: closed,
    EventKind.REOPENED: reopened,
    EventKind.URGED: urged,
    EventKind.CALLED_BACK: called,
    EventKind.RATED: rated,
    EventKind.CALL_RATED: call_rated,
    EventKind.COMMENTED: commented,
    EventKind.BREACHED: breached,
    EventKind.DUE_CHANGED: due_changed,
    EventKind.SET_OFF: at_work,
    EventKind.ARRIVED: at_work,
}
