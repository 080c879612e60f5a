"""Own words in a publication: chosen by hand, shortened perhaps, never changed."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from surveys.models import Publication, PublicationQuote
from surveys.services.cells import Scope
from surveys.services.coding import TextNotTold, text_questions, texts_of
from surveys.services.publishing_claiming import claimed, touch
from tenancy.models import Membership
from tenancy.services.actor import Actor
from tenancy.services.refusal import Refused

MOST = 10
LEFT_OUT = "…"
FULL_STOPS = "。."  # whose absence changes nothing
GAP = re.compile(r"\s*(?:\[\s*)?(?:…+|\.{3,})(?:\s*\])?\s*")
# What often tells who somebody is: numbers, homes, posts, ways to reach them.
TELLING = re.compile(
    r"\d|[@＠]|[〇零一二三四五六七八九十百]+\s*(?:号|栋|幢|座|单元|室|层|楼|號|棟|單元|層|樓)"
    r"|我(?:家|儿|女|爱人|老公|老婆|父|母|爸|妈)|(?:先生|女士|师傅|經理|经理|主任)"
    r"|\b(?:my (?:son|daughter|wife|husband|mother|father)|mr|mrs|ms|flat|unit|room)\b",
    re.IGNORECASE,
)


class QuoteChanged(Refused):
    """Words that nobody has said."""

    code = "quote_changed"
    sentence = _("A quote may be shortened, not changed: write “…” where you leave something out.")


class TooManyQuotes(Refused):
    """More than anybody reads."""

    code = "too_many_quotes"
    sentence = _("At most %(most)s quotes: take one away first.")


def quotable(publication: Publication, member: Membership | None = None) -> QuerySet[Any]:
    """The texts of the community that may be told; to this member, if one reads."""
    scope = Scope(publication.community_id)
    questions = text_questions(publication.wave, scope, member)
    return texts_of(publication.wave, scope, [each.key for each in questions])


def is_telling(text: str) -> bool:
    """Whether it holds something by which people are often recognised; a person looks anyway."""
    return TELLING.search(text) is not None


def shortened_from(publication: Publication, member: Membership) -> list[tuple[str, str]]:
    """Each quote that is not the whole text, and beside it the text, if this member reads texts."""
    originals = dict(quotable(publication, member).values_list("id", "text"))
    quotes = publication.quotes.order_by("mark_id").values_list("mark_id", "text")
    return [
        (text, originals[mark])
        for mark, text in quotes
        if mark in originals and text != " ".join(originals[mark].split())
    ]


def shortened(text: str, original: str) -> str:
    """The quote as it is told. Raises `QuoteChanged` unless its parts stand there in this order.

    Where it leaves out the beginning or the end it says so, whatever was written: "content" of
    "not content" would be the opposite.
    """
    whole, quote = " ".join(original.split()), " ".join(text.split())
    parts = [each for each in GAP.split(quote) if each]
    place = 0
    for part in parts:
        found = whole.find(part, place)
        if found < 0:
            raise QuoteChanged
        place = found + len(part)
    if not parts:
        raise QuoteChanged
    return _with_gaps(quote, whole, parts)


def _with_gaps(quote: str, whole: str, parts: Sequence[str]) -> str:
    """The same with "…" where the text begins before it, or goes on after it."""
    first, last = parts[0], parts[-1]
    begins = quote.startswith(first)  # and not with a gap
    ends = quote.endswith(last)
    if begins and not whole.startswith(first):
        quote = LEFT_OUT + quote
    if ends and not whole.rstrip(FULL_STOPS).endswith(last.rstrip(FULL_STOPS)):
        quote += LEFT_OUT
    return quote


@transaction.atomic
def quote_text(
    *, publication: Publication, mark: UUID, by: Actor, now: datetime
) -> PublicationQuote:
    """Take a text among the quotes; somebody has to look at it before it is told."""
    row = claimed(publication, by)
    text = quotable(row).filter(id=mark).first()
    if text is None:
        raise TextNotTold
    found: PublicationQuote | None = row.quotes.filter(mark_id=mark).first()
    if found is not None:
        return found
    if row.quotes.count() >= MOST:
        raise TooManyQuotes(most=MOST)
    quote = PublicationQuote(publication=row, mark_id=mark, text=" ".join(text.text.split()))
    quote.save(force_insert=True)
    touch(row, by, now, quoted=1)
    return quote
