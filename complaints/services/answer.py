"""Prepared answers: kept by those who answer for others, said by everybody who works here.

A text has places in braces for what differs from ticket to ticket, in Chinese or in English.
"""

import re
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _, pgettext

from complaints.models import Answer, Category, Ticket
from complaints.services.talking import NothingSaid
from tenancy.models import Membership
from tenancy.services.actor import Actor
from tenancy.services.audit import record
from tenancy.services.refusal import Refused
from tenancy.services.structure import change, save_new, tidy

MOST = 200  # more than that nobody reads through while somebody waits on the telephone
# Spaces within are left to `strip`: looked for here, many of them would be looked through anew
# from each one on.
PLACE = re.compile(r"\{([^{}]*)\}")
PLACES: Mapping[str, str] = {
    "owner": "owner", "业主": "owner", "業主": "owner",
    "number": "number", "工单号": "number", "工單號": "number",
    "company": "company", "公司": "company",
    "me": "me", "我": "me",
}  # fmt: skip


class UnknownPlace(Refused):
    """A place in braces that nothing could be put into: an owner would read the braces."""

    code = "unknown_place"
    sentence = _("There is no place %(name)s. There are: %(places)s.")


class AnswerGone(Refused):
    """Somebody has deleted it meanwhile."""

    code = "not_found"
    status = 404
    sentence = _("There is nothing here.")


class TooManyAnswers(Refused):
    """More answers than anybody finds the right one among."""

    code = "too_many_answers"
    sentence = _("There are %(most)s prepared answers already. Delete one first.")


@transaction.atomic
def add_answer(
    *,
    title: str,
    text: str,
    by: Actor,
    now: datetime,
    category: Category | None = None,
    language: str = "",
) -> Answer:
    """Prepare an answer, for one category or for all of them."""
    if Answer.objects.count() >= MOST:
        raise TooManyAnswers(most=MOST)
    row = Answer(title=tidy(title), text=checked(text), category=category, language=language)
    save_new(row)
    record(action="add_answer", subject=row, by=by, now=now, name=row.title)
    return row


@transaction.atomic
def change_answer(
    *,
    answer: Answer,
    title: str,
    text: str,
    by: Actor,
    now: datetime,
    category: Category | None = None,
    language: str = "",
) -> Answer:
    """Say it otherwise from now on; what has been said stays as it was."""
    row = claimed(answer)
    if row is None:
        raise AnswerGone
    if row.category_id != (category.pk if category else None):
        move(row, category, by, now)
    facts: dict[str, object] = {"title": tidy(title), "text": checked(text), "language": language}
    change(row, facts, by, now)
    return row


@transaction.atomic
def delete_answer(*, answer: Answer, by: Actor, now: datetime) -> None:
    """Prepare it no longer; messages that were written with it stay."""
    row = claimed(answer)
    if row is None:
        return  # by a colleague, at the same moment
    record(action="delete_answer", subject=row, by=by, now=now, name=row.title)
    row.delete()


def claimed(answer: Answer) -> Answer | None:
    """The row, locked, as it is now; None when it has been deleted meanwhile."""
    rows = Answer.objects.select_for_update(of=("self",)).select_related("category")
    found: Answer | None = rows.filter(pk=answer.pk).first()
    return found


def move(row: Answer, category: Category | None, by: Actor, now: datetime) -> None:
    """Offer it with another category, and write down with which it was before."""
    before = row.category.name if row.category else ""
    row.category = category
    row.save(update_fields=["category"])
    after = category.name if category else ""
    record(
        action="change_answer", subject=row, by=by, now=now, name=row.title,
        before={"category": before}, after={"category": after},
    )  # fmt: skip


def checked(text: str) -> str:
    """A text as it is kept, once each of its places is known."""
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise NothingSaid
    for name in PLACE.findall(text):
        if key_of(name) not in PLACES:
            raise UnknownPlace(name=braced(name.strip()), places=places())
    return text


def key_of(name: str) -> str:
    """A place's name as it is looked up, however it was spelt."""
    return name.strip().lower()


def braced(name: str) -> str:
    return f"{{{name}}}"


def places() -> str:
    """The places there are, as whoever writes a text is told of them."""
    names = (
        pgettext("place in a text", "owner"),
        pgettext("place in a text", "number"),
        pgettext("place in a text", "company"),
        pgettext("place in a text", "me"),
    )
    return pgettext("between items", ", ").join(braced(name) for name in names)


def filled(text: str, *, ticket: Ticket, by: Membership) -> str:
    """A prepared text as it is said about this ticket."""
    owner = ticket.owner.name if ticket.owner else ""
    words = {
        "owner": owner or pgettext("in place of a name", "resident"),
        "number": ticket.number,
        "company": ticket.company.name,
        "me": by.name,
    }
    return PLACE.sub(lambda place: words[PLACES[key_of(place[1])]], text)
