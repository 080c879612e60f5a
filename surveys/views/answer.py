"""The questionnaire as somebody fills it in who has the link: one page, with or without scripts."""

from typing import Any

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
    drop_photo,
    invitation_of,
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
from surveys.services.quota import QuotaReached, refuse_beyond_quota
from surveys.views.answer_open import OpenPage
from tenancy.services.addresses import client_address
from tenancy.services.limiting import Unreachable, count
from tenancy.services.refusal import Refused

WAYS = {"portal": Way.PORTAL, "paper": Way.PAPER_LINK}
MOST_WRONG, WINDOW = 30, 600  # links that lead nowhere, from one address in so many seconds
MANY = 60  # questions that a form in the usual coding would be too large for


class WithInvitation(OpenPage):
    """A page that a secret leads to."""

    @property
    def secret(self) -> str:
        found: str = self.kwargs["secret"]
        return found

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
        return self.form(invitation, unfinished_of(invitation))

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
        faults = self.take_photos(questionnaire)
        if act == "send" and not faults:
            return self.send(invitation, questionnaire, given)
        if act.startswith("drop:"):
            drop_photo(secret=self.secret, question=act[5:], today=self.today)
        try:
            keep_unfinished(secret=self.secret, given=given, today=self.today)
        except FaultyAnswers as refusal:
            faults += refusal.faults
        if act == "autosave":
            return HttpResponse(status=422 if faults else 204)
        if faults:
            return self.form(invitation, given, status=422, faults=faults)
        return self.back(act)

    def send(
        self, invitation: Invitation, questionnaire: Questionnaire, given: dict[str, Any]
    ) -> HttpResponse:
        """Into the box; unless there is more to ask, or to mend."""
        whole = with_photos(questionnaire, given, invitation)
        more = not_seen(questionnaire, whole, self.request.POST)
        if more:
            return self.form(invitation, given, more=more)
        try:
            answer_as(
                invitation=invitation,
                questionnaire=questionnaire,
                given=given,
                way=self.way,
                today=self.today,
            )
        except FaultyAnswers as refusal:
            return self.form(invitation, given, status=422, faults=refusal.faults)
        way = "&from=portal" if self.way == Way.PORTAL else ""
        return HttpResponseRedirect(f"{self.address}?sent{way}")

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
        questionnaire = questionnaire_of(invitation.wave.edition)
        questionnaire = questionnaire.in_language(
            get_language(), own=invitation.wave.survey.language
        )
        has_photos = bool(photo_questions(questionnaire))
        photos = set(photos_of(invitation)) if has_photos else set()
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
            more=more,
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
        return self.show(status, "surveys/answer_state.html", state=state, **self.about(invitation))

    def about(self, invitation: Invitation) -> dict[str, Any]:
        """What every page of this link says about the survey."""
        wave = invitation.wave
        return {
            "title": wave.survey.title,
            "wave": wave,
            "invitation": invitation,
            "address": self.address,
            "way": self.came_from,
        }

    def why_not_open(self, invitation: Invitation) -> str:
        return "early" if self.today < invitation.wave.opens_on else "over"

    @property
    def address(self) -> str:
        return reverse("surveys:answer", args=[self.request.company.slug, self.secret])

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
        content = photo_of(invitation, self.kwargs["question"])
        if content is None:
            raise Http404(_("There is nothing here."))
        return picture(content)


def picture(content: bytes) -> HttpResponse:
    """A picture that can do nothing but be looked at."""
    answer = HttpResponse(content, content_type="image/webp")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
