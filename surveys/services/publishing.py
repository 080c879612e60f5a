"""Publishing: what owners are told of a wave, written by one person and approved by another.

What everybody reads was frozen when it was approved. Nothing that happens afterwards changes it:
a correction is approved like the first time, and says on which day and why (docs/adr/0022).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext, gettext_lazy as _, override

from surveys.models import (
    Audience,
    LineState,
    Publication,
    PublicationLine,
    PublicationQuote,
    PublicationStage,
    Stage,
    Wave,
)
from surveys.services.cells import Scope
from surveys.services.coding import TextNotTold
from surveys.services.improving import NoSuchItem, NotCounted
from surveys.services.improving_values import Item
from surveys.services.publishing_claiming import claimed, touch, who
from surveys.services.publishing_document import document_of, usual_items, with_scale
from surveys.services.publishing_lines import improvements_of, kept_silent
from surveys.services.publishing_quotes import MOST, TooManyQuotes, quotable, shortened
from surveys.services.publishing_words import asked_in
from surveys.services.survey import ChangedMeanwhile, company_language, mark_of
from surveys.services.wave import must_reach
from tenancy.models import Community, Company, Membership
from tenancy.permissions import Can
from tenancy.services.actor import Actor
from tenancy.services.audit import record
from tenancy.services.refusal import Refused

MOST_LINES = 40


class StaffAreToldInside(Refused):
    """What staff said of their work is not for the street."""

    code = "staff_survey"
    sentence = _("What staff were asked is not published to owners.")


class NotAskedThere(Refused):
    """A community that the wave was not asked in."""

    code = "not_asked_there"
    sentence = _("This wave was not asked in that community.")


class NoSuchImprovement(Refused):
    """An improvement of another wave or place."""

    code = "no_such_improvement"
    sentence = _("That improvement was decided for another wave or another community.")


class TooManyLines(Refused):
    """More than anybody reads."""

    code = "too_many_lines"
    sentence = _("At most %(most)s lines under “what we did”.")


class FourEyes(Refused):
    """Whoever wrote it does not approve it."""

    code = "four_eyes"
    sentence = _("You wrote the last change yourself: somebody else has to read and approve it.")


class QuoteNotChecked(Refused):
    """Nobody has looked whether a quote tells who wrote it."""

    code = "quote_not_checked"
    sentence = _("Look at every quote first: could whoever wrote it be recognised?")


class PromiseKeptSilent(Refused):
    """Something was promised after the last wave, and owners would not hear of it."""

    code = "promise_kept_silent"
    sentence = _("Say what became of “%(title)s”: it was decided after an earlier wave.")


class NothingCorrected(Refused):
    """It stands as it was approved."""

    code = "nothing_corrected"
    sentence = _("Nothing has been changed since it was published.")


class NoteMissing(Refused):
    """Owners learn why a published page was changed."""

    code = "note_missing"
    sentence = _("Say what was corrected: everybody can read it there.")


class NotPublished(Refused):
    """What nobody can read cannot be withdrawn."""

    code = "not_published"
    sentence = _("It is not published.")


@dataclass(frozen=True, slots=True)
class LineSaid:
    """One thing under "what we did", as somebody wrote it."""

    text: str
    translations: Mapping[str, str] = field(default_factory=dict)
    improvement: UUID | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class QuoteSaid:
    """A quote as somebody shortened it, and whether they have looked at it."""

    mark: UUID
    text: str
    is_checked: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that is written and chosen in a publication."""

    title: str
    introduction: str
    translations: Mapping[str, Mapping[str, str]]
    items: Sequence[str]
    lines: Sequence[LineSaid]
    quotes: Sequence[QuoteSaid]
    may_be_found: bool = False


def communities_of(wave: Wave, member: Membership) -> list[Community]:
    """Where the wave was asked, of those that this member looks after."""
    rows = Community.objects.visible_to(member).in_use()
    asked = set(wave.places.values_list("community_id", flat=True))
    if asked:
        rows = rows.filter(id__in=asked)
    if not member.all_communities:
        rows = rows.filter(id__in=member.community_ids())
    return list(rows.order_by("name", "id"))


@transaction.atomic
def draft_publication(*, wave: Wave, community: Community, by: Actor, now: datetime) -> Publication:
    """Begin one with what is usually told; the one there is, if somebody has begun it."""
    member = who(by)
    if wave.survey.audience != Audience.OWNERS:
        raise StaffAreToldInside
    if wave.stage != Stage.COUNTED:
        raise NotCounted
    must_reach(member, frozenset({community.pk}))
    if community not in communities_of(wave, member):
        raise NotAskedThere
    language = company_language()
    with override(language):
        title = gettext("What you said, what we did")
    row, is_new = Publication.objects.get_or_create(
        wave=wave,
        community=community,
        defaults={
            "language": language,
            "title": title,
            "items": usual_items(wave, Scope(community.pk)),
            "drafted_by": member,
            "created_at": now,
            "changed_by": member,
            "changed_at": now,
        },
    )
    found: Publication = row
    if is_new:
        write_lines(found, [
            LineSaid(each.ticket.title, improvement=each.pk)
            for each in improvements_of(wave, community.pk)[:MOST_LINES]
        ])  # fmt: skip
        record(
            action="draft_publication", subject=found, by=by, now=now,
            name=wave.name, community=community.name,
        )  # fmt: skip
    return found


@transaction.atomic
def change_publication(
    *, publication: Publication, content: Content, seen: str, by: Actor, now: datetime
) -> Publication:
    """Write it anew. What is published stays as it is until somebody approves the change."""
    row = claimed(publication, by)
    if mark_of_draft(row) != seen:
        raise ChangedMeanwhile
    must_be_asked(row, content.items)
    row.title, row.introduction = content.title, content.introduction
    row.translations = {key: dict(words) for key, words in content.translations.items()}
    row.items, row.may_be_found = list(content.items), content.may_be_found
    row.save(
        update_fields=["title", "introduction", "translations", "items", "may_be_found"]
    )  # fmt: skip
    write_lines(row, content.lines)
    write_quotes(row, content.quotes)
    if mark_of_draft(row) != seen:
        touch(row, by, now)
    return row


def must_be_asked(row: Publication, items: Sequence[str]) -> None:
    """Raises `NoSuchItem` for what nobody was asked."""
    asked = set(with_scale(asked_in(row.wave)[row.wave.survey.language]))
    for name in items:
        item = Item.named(name)
        if item is None or (item.question and item not in asked):
            raise NoSuchItem


def write_lines(row: Publication, lines: Sequence[LineSaid]) -> None:
    if len(lines) > MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    known = {each.pk for each in improvements_of(row.wave, row.community_id)}
    asked = [each.improvement for each in lines if each.improvement]
    # What was told of before stays, whatever has become of it since.
    known |= set(row.lines.values_list("improvement_id", flat=True))
    if not set(asked) <= known or len(set(asked)) != len(asked):
        raise NoSuchImprovement
    row.lines.all().delete()
    PublicationLine.objects.bulk_create(
        PublicationLine(
            publication=row,
            position=position,
            improvement_id=each.improvement,
            text=each.text,
            translations=dict(each.translations),
            state="" if each.improvement else each.state or LineState.PLANNED,
        )
        for position, each in enumerate(lines)
    )


def write_quotes(row: Publication, quotes: Sequence[QuoteSaid]) -> None:
    if len(quotes) > MOST:
        raise TooManyQuotes(most=MOST)
    originals = dict(
        quotable(row).filter(id__in=[each.mark for each in quotes]).values_list("id", "text")
    )
    if len(originals) != len(quotes):
        raise TextNotTold
    row.quotes.all().delete()
    PublicationQuote.objects.bulk_create(
        PublicationQuote(
            publication=row,
            mark_id=each.mark,
            text=shortened(each.text, originals[each.mark]),
            is_checked=each.is_checked,
        )
        for each in quotes
    )


def mark_of_draft(row: Publication) -> str:
    """A short mark of everything that is written and chosen: another mark, other words."""
    lines = row.lines.order_by("position", "id").values_list(
        "text", "translations", "improvement_id", "state"
    )
    quotes = row.quotes.order_by("mark_id").values_list("mark_id", "text", "is_checked")
    return mark_of([
        row.title, row.introduction, row.translations, row.items, row.may_be_found,
        [[str(each) for each in line] for line in lines],
        [[str(each) for each in quote] for quote in quotes],
    ])  # fmt: skip


# --- approving ---


def publishers(publication: Publication) -> list[Membership]:
    """Everybody who may publish it: who may at all, and looks after the community."""
    staff = Membership.objects.active().staff().prefetch_related("community_rows")
    return [
        each
        for each in staff
        if each.can(Can.PUBLISH)
        and (
            each.all_communities
            or publication.community_id in {one.community_id for one in each.community_rows.all()}
        )
    ]


def is_alone(publication: Publication, member: Membership) -> bool:
    """Whether nobody else could approve what this member has written."""
    return all(each.pk == member.pk for each in publishers(publication))


@transaction.atomic
def approve_publication(
    *, publication: Publication, seen: str, by: Actor, now: datetime, note: str = ""
) -> Publication:
    """Let everybody read it, as it is now and from now on; with a note where it was read before."""
    member, row = who(by), claimed(publication, by)
    if mark_of_draft(row) != seen:
        raise ChangedMeanwhile
    alone = must_be_ready(row, member)
    if row.published_at is not None and not note.strip():
        raise NoteMissing
    row.document, row.stage = frozen(row, note.strip(), now), PublicationStage.APPROVED
    row.approved_by, row.approved_at = member, now
    row.published_at = row.published_at or now
    row.withdrawn_at, row.withdrawn_reason = None, ""
    row.save()
    # The log keeps every version: nothing is corrected without a trace.
    record(
        action="approve_publication", subject=row, by=by, now=now, name=row.title,
        note=note.strip(), alone=alone, document=row.document,
    )  # fmt: skip
    return row


def frozen(row: Publication, note: str, now: datetime) -> dict[str, Any]:
    """What everybody reads from now on. Raises `NothingCorrected` where that is the same."""
    zone = zone_of(row)
    document = document_of(row, zone=zone, now=now)
    if row.published_at is None:
        return {**document, "corrections": []}
    if row.stage == PublicationStage.APPROVED and not differs(row, document):
        raise NothingCorrected
    corrections = (row.document or {}).get("corrections", [])
    today = now.astimezone(zone).date().isoformat()
    return {**document, "corrections": [*corrections, {"on": today, "note": note}]}


def differs(row: Publication, document: Mapping[str, Any]) -> bool:
    """Whether this is not what everybody reads: something was written, or has happened, since."""
    before = {name: each for name, each in (row.document or {}).items() if name != "corrections"}
    return mark_of(before) != mark_of(document)


def zone_of(row: Publication) -> ZoneInfo:
    """The company's."""
    return ZoneInfo(Company.objects.only("zone").get(pk=row.company_id).zone)


def must_be_ready(row: Publication, member: Membership) -> bool:
    """Whether nobody else could have approved it. Raises what stands in the way."""
    alone = is_alone(row, member)
    if row.changed_by_id == member.pk and not alone:
        raise FourEyes
    if row.quotes.filter(is_checked=False).exists():
        raise QuoteNotChecked
    if silent := kept_silent(row):
        raise PromiseKeptSilent(title=silent[0].ticket.title)
    return alone


@transaction.atomic
def withdraw_publication(
    *, publication: Publication, reason: str, by: Actor, now: datetime
) -> Publication:
    """Take it away from everybody's eyes; whoever comes is told the reason."""
    member, row = who(by), claimed(publication, by)
    if row.stage != PublicationStage.APPROVED:
        raise NotPublished
    row.stage, row.withdrawn_at, row.withdrawn_reason = PublicationStage.WITHDRAWN, now, reason
    # Somebody else decides whether it comes back: than who wrote on it since it was approved, or,
    # if nobody did, than who takes it away.
    row.changed_by, row.changed_at = (row.changed_by if row.is_changed else member), now
    row.save(
        update_fields=["stage", "withdrawn_at", "withdrawn_reason", "changed_by", "changed_at"]
    )
    record(
        action="withdraw_publication", subject=row, by=by, now=now, name=row.title, reason=reason
    )
    return row
