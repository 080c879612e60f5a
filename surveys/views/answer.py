"""The questionnaire as somebody fills it in who has the link: one page, with or without scripts."""

import re
import secrets
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, gettext as _

from surveys.forms.answer import given_of, not_seen
from surveys.models import Invitation, Way
from surveys.questionnaire import Fault, Questionnaire
from surveys.services.answering import (
    AlreadyAnswered,
    FaultyAnswers,
    NoSuchInvitation,
    NotOpen,
    answer_as,
    begin_anew,
    drop_photo,
    invitation_of,
    is_begun_by,
    keep_photo,
    keep_unfinished,
    must_be_open,
    photo_questions,
    questionnaire_of,
    unfinished_of,
    with_photos,
)
from surveys.services.answering_photo import photo_of, photos_of
from surveys.services.asking_form import laid_out, sentence_of
from surveys.services.asking_here import for_whom_one_may_speak, waiting_for
from surveys.services.quota import QuotaReached, refuse_beyond_quota
from surveys.services.titles import title_in
from surveys.services.wording import read_in
from surveys.views.answer_open import OpenPage
from tenancy.models import Membership, User
from tenancy.services.addresses import client_address
from tenancy.services.limiting import Unreachable, count
from tenancy.services.members import member_of_this_company
from tenancy.services.refusal import Refused
from tenancy.services.second_factor import SecondFactorMissing

WAYS = {"portal": Way.PORTAL, "paper": Way.PAPER_LINK}
MOST_WRONG, WINDOW = 30, 600  # links that lead nowhere, from one address in so many seconds
# Of the browser that something was begun in, for this link alone; it says nothing to anybody else.
BEGUN, HELD_FOR = "survey-begun", 120 * 24 * 60 * 60
HOLDER = re.compile(r"[\w-]{20,60}", re.ASCII)
MANY = 60  # questions that a form in the usual coding would be too large for


class WithInvitation(OpenPage):
    """A page that a secret leads to."""

    @property
    def secret(self) -> str:
        found: str = self.kwargs["secret"]
        return found

    @cached_property
    def holder(self) -> str:
        """What this browser is known by, to itself."""
        sent = self.request.COOKIES.get(BEGUN, "")
        return sent if HOLDER.fullmatch(sent) else secrets.token_urlsafe(24)

    @property
    def address(self) -> str:
        return reverse("surveys:answer", args=[self.request.company.slug, self.secret])

    def invitation(self, *, claim: bool = False) -> Invitation:
        """Whose link it is. Raises `NoSuchInvitation`."""
        return invitation_of(self.secret, claim=claim)

    def wrong_secret(self, refusal: Refused) -> HttpResponse:
        """It leads nowhere; whoever tries many is told to stop. Right ones are never held up."""
        try:
            tried = count(f"survey:{client_address(self.request)}", window=WINDOW).times
        except Unreachable:
            tried = 0
        if tried > MOST_WRONG:
            return self.show(429, "429.html")
        return self.show(404, "surveys/answer_nothing.html", sentence=str(refusal))


class AnswerPage(WithInvitation):
    """All questions at once; sent, kept for later, or read in another language."""

    template_name = "surveys/answer.html"

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            invitation = self.invitation()
            must_be_open(invitation, self.today)
            refuse_beyond_quota(invitation)
        except NoSuchInvitation as refusal:
            return self.wrong_secret(refusal)
        except AlreadyAnswered:
            return self.state(invitation, "sent" if "sent" in self.request.GET else "used")
        except NotOpen:
            return self.state(invitation, self.why_not_open(invitation))
        except QuotaReached:
            return self.state(invitation, "enough")
        return self.form(invitation, unfinished_of(invitation, self.holder))

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            invitation = self.invitation(claim=True)
            must_be_open(invitation, self.today)
            return self.act(invitation, self.request.POST.get("act", "send"))
        except NoSuchInvitation as refusal:
            return self.wrong_secret(refusal)
        except AlreadyAnswered:
            return self.state(invitation, "used", status=AlreadyAnswered.status)
        except NotOpen:
            return self.state(invitation, self.why_not_open(invitation), status=NotOpen.status)
        except QuotaReached:
            return self.state(invitation, "enough", status=QuotaReached.status)

    # --- what can be done ---

    def act(self, invitation: Invitation, act: str) -> HttpResponse:
        """Send it, or do something else and lose nothing of it."""
        questionnaire = questionnaire_of(invitation.wave.edition)
        given = given_of(questionnaire, self.request.POST)
        if not is_begun_by(invitation, self.holder):
            if act != "send" and not given and not self.request.FILES:
                return self.kept(act)  # somebody who only looks takes nothing away from others
            begin_anew(invitation, questionnaire)
        faults = self.take_photos(questionnaire)
        if act.startswith("drop:"):
            drop_photo(secret=self.secret, question=act[5:], today=self.today)
        if act != "send" or self.request.FILES:
            faults += self.keep(given)
        if act == "send" and not faults:
            return self.send(invitation, questionnaire, given)
        if faults and act == "autosave":
            return self.mine(HttpResponse(status=422))
        if faults:
            return self.mine(self.form(invitation, given, status=422, faults=faults))
        return self.mine(self.kept(act))

    def keep(self, given: dict[str, Any]) -> list[Fault]:
        """For this browser to go on with later; what stands in the way."""
        try:
            keep_unfinished(secret=self.secret, given=given, today=self.today, holder=self.holder)
        except FaultyAnswers as refusal:
            return refusal.faults
        return []

    def mine(self, response: HttpResponse) -> HttpResponse:
        """Let this browser, and no other, come back to what it has begun."""
        response.set_cookie(
            BEGUN, self.holder, HELD_FOR, path=self.address,
            secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
        )  # fmt: skip
        return response

    def send(
        self, invitation: Invitation, questionnaire: Questionnaire, given: dict[str, Any]
    ) -> HttpResponse:
        """Into the box; unless there is more to ask, or to mend."""
        whole = with_photos(questionnaire, given, invitation)
        more = not_seen(questionnaire, whole, self.request.POST)
        if more:
            return self.mine(self.form(invitation, given, more=more))
        try:
            answer_as(
                invitation=invitation,
                questionnaire=questionnaire,
                given=given,
                way=self.way,
                today=self.today,
            )
        except FaultyAnswers as refusal:
            return self.mine(self.form(invitation, given, status=422, faults=refusal.faults))
        way = "&from=portal" if self.way == Way.PORTAL else ""
        sent = HttpResponseRedirect(f"{self.address}?sent{way}")
        if BEGUN in self.request.COOKIES:
            sent.delete_cookie(BEGUN, path=self.address, samesite="Lax")
        return sent

    def take_photos(self, questionnaire: Questionnaire) -> list[Fault]:
        """Lay the photographs that came with the form beside the invitation."""
        faults = []
        for key in sorted(photo_questions(questionnaire)):
            upload = self.request.FILES.get(f"q-{key}")
            if upload is None:
                continue
            try:
                keep_photo(secret=self.secret, question=key, upload=upload, today=self.today)
            except Refused as refusal:
                faults.append(Fault(key, refusal.code))
        return faults

    def kept(self, act: str) -> HttpResponse:
        """What follows when nothing stood in the way."""
        return HttpResponse(status=204) if act == "autosave" else self.back(act)

    def back(self, act: str) -> HttpResponse:
        """To the same page, with what was chosen for it remembered in this browser alone."""
        note = "?kept" if act.startswith("keep") else "?"
        way = f"&from={self.came_from}" if self.came_from in WAYS else ""
        return self.remember(HttpResponseRedirect(f"{self.address}{note}{way}"), act)

    # --- what is shown ---

    def form(
        self,
        invitation: Invitation,
        given: dict[str, Any],
        *,
        status: int = 200,
        faults: list[Fault] | None = None,
        more: frozenset[str] = frozenset(),
    ) -> HttpResponse:
        questionnaire = read_in(
            questionnaire_of(invitation.wave.edition),
            get_language() or settings.LANGUAGE_CODE,
            own=invitation.wave.survey.language,
        )
        has_photos = bool(photo_questions(questionnaire))
        # What is sent has been begun here; what is asked for may have been begun by somebody else.
        is_ours = self.request.method == "POST" or is_begun_by(invitation, self.holder)
        photos = set(photos_of(invitation)) if has_photos and is_ours else set()
        parts = laid_out(
            questionnaire,
            {**given, **dict.fromkeys(photos, "photo")},
            seed=invitation.secret_hash,
            faults=faults or (),
            photos=photos,
        )
        return self.show(
            status,
            parts=parts,
            wrong=[each for part in parts for each in part.questions if each.sentences],
            faults=faults or [],
            wrong_in_all=[sentence_of(each) for each in faults or () if not each.place],
            more=[each for part in parts for each in part.questions if each.question.key in more],
            is_large_form=has_photos or len(questionnaire.by_key) > MANY,
            is_kept="kept" in self.request.GET,
            # Whatever this browser has kept of its own is older than what is on the page.
            is_fresh=self.request.method == "POST" or "kept" in self.request.GET,
            photos_at=f"{self.address}photo/",
            is_continued=bool(given),
            **self.about(invitation),
        )

    def state(self, invitation: Invitation, state: str, status: int = 200) -> HttpResponse:
        """Why there is nothing to fill in."""
        about = self.about(invitation)
        waiting = waiting_for(about["me"], self.today) if about["me"] else []
        return self.show(status, "surveys/answer_state.html", state=state, rows=waiting, **about)

    def about(self, invitation: Invitation) -> dict[str, Any]:
        """What every page of this link says about the survey."""
        wave = invitation.wave
        return {
            "title": title_in(wave.survey, get_language() or wave.survey.language),
            "wave": wave,
            "invitation": invitation,
            "address": self.address,
            "way": self.came_from,
            "me": self.speaker(invitation),
        }

    def speaker(self, invitation: Invitation) -> Membership | None:
        """Who is signed in, came from their own list and may speak for this home or person.

        They are told which of their homes it is. Whoever only holds the link learns nothing more.
        """
        user = self.request.user
        if self.came_from != "portal" or not isinstance(user, User):
            return None
        try:
            me = member_of_this_company(user)
        except SecondFactorMissing:
            return None
        if me is None or not for_whom_one_may_speak(me).filter(pk=invitation.pk).exists():
            return None
        return me

    def why_not_open(self, invitation: Invitation) -> str:
        return "early" if self.today < invitation.wave.opens_on else "over"

    @property
    def came_from(self) -> str:
        """How somebody got here, as the link says; a code on paper is short and says `?paper`."""
        if "paper" in self.request.GET:
            return "paper"
        return self.request.GET.get("from") or self.request.POST.get("from", "")

    @property
    def way(self) -> Way:
        return WAYS.get(self.came_from, Way.LINK)


class AnswerPhotoPage(WithInvitation):
    """A photograph that was chosen and not sent yet, for whoever chose it."""

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            invitation = self.invitation()
        except NoSuchInvitation as refusal:
            return self.wrong_secret(refusal)
        question = self.kwargs["question"]
        asked = photo_questions(questionnaire_of(invitation.wave.edition))
        is_ours = question in asked and is_begun_by(invitation, self.holder)
        content = photo_of(invitation, question) if is_ours else None
        if content is None:
            raise Http404(_("There is nothing here."))
        return picture(content)


def picture(content: bytes) -> HttpResponse:
    """A picture that can do nothing but be looked at."""
    answer = HttpResponse(content, content_type="image/webp")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
