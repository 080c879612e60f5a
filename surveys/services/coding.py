"""Own words: which texts may be read where, and putting them to the company's categories.

A text stands alone: in an order that is its random key's, without a word of what the same person
answered elsewhere.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from complaints.models import Category, Kind as TicketKind
from owners.services.folding import fold
from surveys.models import ResponseMark, Tally, TextCode, Wave
from surveys.questionnaire import Kind, Question, read
from surveys.services.cells import Scope
from tenancy.models import Membership
from tenancy.services.actor import Actor
from tenancy.services.audit import record
from tenancy.services.refusal import Refused

CODED_AS = (TicketKind.COMPLAINT, TicketKind.SUGGESTION, TicketKind.PRAISE)
MOST_AT_ONCE = 500


class TextNotTold(Refused):
    """A text that is not there, or not for whoever asks."""

    code = "text_not_told"
    status = 404
    sentence = _("There is no such text, or it may not be told here.")


def categories() -> QuerySet[Any]:
    """What texts can be about."""
    found: QuerySet[Any] = Category.objects.active().filter(kind__in=CODED_AS)
    return found.order_by("kind", "complaint_class", "position", "name")


def text_questions(wave: Wave, scope: Scope, member: Membership | None = None) -> list[Question]:
    """The questions whose texts may be told of this place; to this member, if one reads. One
    query."""
    tallies = Tally.objects.all() if member is None else Tally.objects.visible_to(member)
    rows = tallies.of(wave, *scope).filter(choice="", number=None)
    told = set(rows.values_list("question", flat=True))
    asked = read(wave.edition.document)
    return [each for each in asked if each.kind is Kind.TEXT and each.key in told]


def texts_of(wave: Wave, scope: Scope, questions: Collection[str]) -> QuerySet[Any]:
    """The texts of these questions, which must be told of this place, as `text_questions` says."""
    where = {
        "response__community_id": scope.community,
        "response__building_id": scope.building,
        "response__group": scope.group or None,
    }
    found: QuerySet[Any] = ResponseMark.objects.filter(
        wave=wave,
        question__in=questions,
        **{name: value for name, value in where.items() if value is not None},
    )
    return found.order_by("id")


def narrowed(texts: QuerySet[Any], *, search: str = "", code: str = "") -> QuerySet[Any]:
    """Those with these words, or put to this category; `none`: to no category yet."""
    if words := fold(search.replace("\x00", "")):
        texts = texts.filter(search_text__contains=words)
    if code == "none":
        return texts.filter(codes=None)
    return texts.filter(codes__category_id=code) if code else texts


def texts_by_category(wave: Wave, texts: QuerySet[Any]) -> list[tuple[Any, int]]:
    """How many of these texts were put to each category, the most first."""
    return _by_category(wave, texts, sum)


def counts_by_category(wave: Wave, texts: QuerySet[Any]) -> list[tuple[Any, int]]:
    """How many people, at the least, wrote about each category, the most first.

    Whoever writes about lifts under three questions is one person, so it is the most texts of one
    question. Counting the responses behind the texts would be nearer, and tell which texts are one
    person's to whoever puts one text more to a category and looks whether the number grows.
    """
    return _by_category(wave, texts, max)


def _by_category(
    wave: Wave, texts: QuerySet[Any], together: Callable[[Iterable[int]], int]
) -> list[tuple[Any, int]]:
    codes = TextCode.objects.filter(wave=wave, mark__in=texts.order_by().values("id"))
    found: dict[UUID, list[int]] = {}
    for category, _question, count in (
        codes.values_list("category", "mark__question").annotate(n=Count("*")).order_by()
    ):
        found.setdefault(category, []).append(count)
    counts = {category: together(each) for category, each in found.items()}
    rows = Category.objects.filter(id__in=list(counts))
    return sorted(((each, counts[each.pk]) for each in rows), key=lambda pair: -pair[1])


def codes_of(texts: Iterable[Any]) -> dict[UUID, list[Any]]:
    """The categories that each text was put to. One query."""
    found: dict[UUID, list[Any]] = {each.pk: [] for each in texts}
    rows = TextCode.objects.filter(mark_id__in=list(found)).select_related("category")
    for row in rows.order_by("category__position", "category__name"):
        found[row.mark_id].append(row.category)
    return found


@transaction.atomic
def code_texts(
    *,
    wave: Wave,
    texts: QuerySet[Any],
    ids: Collection[UUID],
    category: Category,
    by: Actor,
    now: datetime,
) -> int:
    """Put texts to a category, besides those they were put to; how many were not there yet.

    `texts` are those that whoever does it may read. Raises `TextNotTold` unless all are among
    them.
    """
    marks = _claimed(texts, ids)
    before = TextCode.objects.filter(wave=wave, category=category).count()
    TextCode.objects.bulk_create(
        (TextCode(wave=wave, mark_id=each, category=category) for each in marks),
        ignore_conflicts=True,
    )
    count = TextCode.objects.filter(wave=wave, category=category).count() - before
    if count:
        record(
            action="code_texts", subject=wave, by=by, now=now, name=category.name, number=count
        )  # fmt: skip
    return count


@transaction.atomic
def uncode_texts(
    *,
    wave: Wave,
    texts: QuerySet[Any],
    ids: Collection[UUID],
    category: Category,
    by: Actor,
    now: datetime,
) -> int:
    """Take texts away from a category; how many there were."""
    marks = _claimed(texts, ids)
    codes = TextCode.objects.filter(wave=wave, category=category, mark_id__in=marks)
    count: int = codes.delete()[0]
    if count:
        record(
            action="uncode_texts", subject=wave, by=by, now=now, name=category.name, number=count
        )  # fmt: skip
    return count


def _claimed(texts: QuerySet[Any], ids: Collection[UUID]) -> list[UUID]:
    asked = set(ids)
    found = list(texts.filter(id__in=asked).values_list("id", flat=True))
    if len(asked) > MOST_AT_ONCE or len(set(found)) != len(asked):
        raise TextNotTold
    return found
