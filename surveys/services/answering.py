"""Answering: once for each invitation, saved on the way if one likes, and then out of reach."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from surveys.models import Ballot, Edition, Invitation, Stage, Way
from surveys.questionnaire import Fault, Faulty, Kind, Mark, Question, Questionnaire, read, take
from surveys.questionnaire.answering import asked_so_far
from surveys.services.answering_photo import (
    cast_photos,
    lay_beside,
    photos_of,
    shrunk,
    take_away,
)
from surveys.services.inviting import hash_of
from surveys.services.quota import refuse_beyond_quota
from tenancy.fields import decrypt, encrypt
from tenancy.services.refusal import Refused

# Nobody photographs on the telephone, or on paper.
WITHOUT_PHOTOS = frozenset({Way.PHONE, Way.PAPER})
LARGEST = 200_000  # characters of one unfinished questionnaire


class NoSuchInvitation(Refused):
    """A link that leads nowhere."""

    code = "no_such_invitation"
    status = 404
    sentence = _("This link leads to no survey. Please check whether it is complete.")


class NotOpen(Refused):
    """Too early or too late."""

    code = "survey_not_open"
    sentence = _("This survey is not open. It runs from %(opens)s to %(closes)s.")


class AlreadyAnswered(Refused):
    """Somebody has used the link."""

    code = "already_answered"
    sentence = _("This link has been used: an answer is in the box already. Thank you.")


class FaultyAnswers(Refused):
    """Some questions need another look; `faults` says which and why. Nothing was sent."""

    code = "faulty_answers"
    sentence = _("%(count)s questions need another look. Nothing was sent yet.")

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(count=len(faults))
        self.faults = faults


def invitation_of(secret: str, *, claim: bool = False) -> Invitation:
    """Whose link it is, locked for a change if it is claimed. Raises `NoSuchInvitation`."""
    rows = Invitation.objects.select_related("wave__survey", "wave__edition")
    if claim:
        rows = rows.select_for_update(of=("self",))
    found: Invitation | None = rows.filter(secret_hash=hash_of(secret)).first()
    if found is None:
        raise NoSuchInvitation
    return found


def must_be_open(invitation: Invitation, today: date) -> None:
    """Raises `AlreadyAnswered` or `NotOpen`."""
    wave = invitation.wave
    if invitation.is_used:
        raise AlreadyAnswered
    if wave.stage != Stage.OPEN or not wave.opens_on <= today <= wave.closes_on:
        raise NotOpen(opens=wave.opens_on, closes=wave.closes_on)


@transaction.atomic
def keep_unfinished(
    *, secret: str, given: Mapping[str, Any], today: date, holder: str = ""
) -> None:
    """Keep what was answered so far, to go on later; whatever is wrong in it is kept too.

    `holder` is known to one browser alone. Nobody else reads it: whoever prints slips has the link
    of a home, and would know whose words they are.
    """
    invitation = invitation_of(secret, claim=True)
    must_be_open(invitation, today)
    text = json.dumps({"holder": _known_as(holder), "given": given}, ensure_ascii=False)
    if len(text) > LARGEST:
        raise FaultyAnswers([Fault("", "text_too_long", str(LARGEST))])
    invitation.unfinished = encrypt(text)
    invitation.save(update_fields=["unfinished"])


def unfinished_of(invitation: Invitation, holder: str = "") -> dict[str, Any]:
    """What was answered so far by this browser."""
    kept = _kept(invitation, holder)
    return {} if kept is None else kept


def is_begun_by(invitation: Invitation, holder: str) -> bool:
    """Whether what waits there is this browser's own."""
    return _kept(invitation, holder) is not None


def begin_anew(invitation: Invitation, questionnaire: Questionnaire) -> None:
    """Forget what was begun elsewhere with the same link: what is sent is one person's."""
    if invitation.unfinished:
        invitation.unfinished = ""
        invitation.save(update_fields=["unfinished"])
    if photo_questions(questionnaire):
        invitation.photos.all().delete()


def _kept(invitation: Invitation, holder: str) -> dict[str, Any] | None:
    if not invitation.unfinished:
        return None
    kept: dict[str, Any] = json.loads(decrypt(invitation.unfinished))
    return kept["given"] if kept.get("holder") == _known_as(holder) else None


def _known_as(holder: str) -> str:
    return hashlib.sha256(holder.encode()).hexdigest()


@transaction.atomic
def keep_photo(*, secret: str, question: str, upload: Any, today: date) -> None:
    """Keep the photograph that answers a question, in place of an earlier one."""
    invitation = invitation_of(secret, claim=True)
    must_be_open(invitation, today)
    if question not in photo_questions(questionnaire_of(invitation.wave.edition)):
        raise FaultyAnswers([Fault(question, "unknown_choice")])
    lay_beside(invitation, question, shrunk(upload))


@transaction.atomic
def drop_photo(*, secret: str, question: str, today: date) -> None:
    """Take a photograph out again, before anything is sent."""
    invitation = invitation_of(secret, claim=True)
    must_be_open(invitation, today)
    # Whatever else an address or a form names, e.g. a NUL, is no question.
    if question in photo_questions(questionnaire_of(invitation.wave.edition)):
        take_away(invitation, question)


def with_photos(
    questionnaire: Questionnaire, given: Mapping[str, Any], invitation: Invitation
) -> dict[str, Any]:
    """The answers, with the photographs that lie ready and no others."""
    wanted = photo_questions(questionnaire)
    if not wanted:
        return dict(given)
    rest = {key: value for key, value in given.items() if key not in wanted}
    return rest | dict.fromkeys(photos_of(invitation), "photo")


def without_photos(
    questionnaire: Questionnaire, given: Mapping[str, Any]
) -> tuple[Questionnaire, dict[str, Any]]:
    """The same as it is asked and answered where nobody can take a photograph.

    None is required there, and nobody is led to a question that is asked about one.
    """
    photos = photo_questions(questionnaire)
    if photos:
        questionnaire = replace(
            questionnaire,
            sections=tuple(
                replace(section, questions=tuple(map(_optional, section.questions)))
                for section in questionnaire.sections
            ),
        )
    return questionnaire, {key: value for key, value in given.items() if key not in photos}


def _optional(question: Question) -> Question:
    return replace(question, required=False) if question.kind is Kind.PHOTO else question


def photo_questions(questionnaire: Questionnaire) -> frozenset[str]:
    """The questions that are answered with a photograph."""
    return frozenset(each.key for each in questionnaire if each.kind is Kind.PHOTO)


@transaction.atomic
def answer(
    *,
    secret: str,
    given: Mapping[str, Any],
    way: Way,
    today: date,
    can_photograph: bool = True,
) -> None:
    """Drop a ballot: the invitation is used up and the answer is in the box, or neither.

    Ten people may open one link: the first one to send has answered.
    """
    invitation = invitation_of(secret, claim=True)
    answer_as(
        invitation=invitation,
        questionnaire=questionnaire_of(invitation.wave.edition),
        given=given,
        way=way,
        today=today,
        can_photograph=can_photograph,
    )


@transaction.atomic
def answer_as(
    *,
    invitation: Invitation,
    questionnaire: Questionnaire,
    given: Mapping[str, Any],
    way: Way,
    today: date,
    can_photograph: bool = True,
) -> None:
    """The same where the invitation is claimed and its questionnaire read already."""
    must_be_open(invitation, today)
    refuse_beyond_quota(invitation)
    can_photograph = can_photograph and way not in WITHOUT_PHOTOS
    if can_photograph:
        given = with_photos(questionnaire, given, invitation)
    else:
        questionnaire, given = without_photos(questionnaire, given)
    marks = marks_of(questionnaire, given)
    _freeze(invitation.wave.edition, today)
    if photo_questions(questionnaire):
        asked = {each.key for each in asked_so_far(questionnaire, given)}
        cast_photos(invitation, asked if can_photograph else frozenset())
    Ballot(wave=invitation.wave, sealed=seal(marks, invitation, way)).save(force_insert=True)
    # The ballot's reference holds the wave where it is from here on; whoever was closing it while
    # this was read has done so by now, and may have opened the box.
    invitation.wave.refresh_from_db(fields=["stage"])
    must_be_open(invitation, today)
    invitation.is_used, invitation.unfinished = True, ""
    invitation.save(update_fields=["is_used", "unfinished"])


def marks_of(questionnaire: Questionnaire, given: Mapping[str, Any]) -> list[Mark]:
    """What was said. Raises `FaultyAnswers`."""
    try:
        return take(questionnaire, given)
    except Faulty as caught:
        raise FaultyAnswers(caught.faults) from caught


def questionnaire_of(edition: Edition) -> Questionnaire:
    """What the edition asks."""
    return read(edition.document)


def seal(marks: list[Mark], invitation: Invitation, way: Way) -> str:
    """An answer as it lies in the box. Of the invitation only place and group are left."""
    said = [[each.question, each.row, each.choice, _plain(each), each.text] for each in marks]
    place = str(invitation.building_id) if invitation.building_id else None
    whole = {"way": way, "building": place, "group": invitation.group, "marks": said}
    return encrypt(json.dumps(whole))


def _plain(mark: Mark) -> str | None:
    return None if mark.number is None else str(mark.number)


def _freeze(edition: Edition, today: date) -> None:
    """With the first answer the edition stays as it is. Later ones need not wait for its row."""
    if edition.frozen_on is None:
        Edition.objects.filter(pk=edition.pk, frozen_on=None).update(frozen_on=today)
