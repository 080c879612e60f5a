"""The whole story on its pages: from a template to what is published, and whether it helped."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from complaints.models import Ticket
from surveys.models import Improvement, Publication, Stage, Survey, Wave
from surveys.questionnaire import Kind
from surveys.services.moving import move_all
from surveys.services.templates import template
from tenancy.models import Membership
from tenancy.scope import company_scope
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast
from tests.surveys.asking import secrets_of, street

DAY = timedelta(days=1)
WEAK = "res_progress"
TITLE = "处理进度每天主动告知业主"
PROOF = "每天17点短信告知进度，记录见 https://files.example.com/1"


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        yield traveller


def said(mark: int, weak: int) -> dict[str, Any]:
    """What one home ticks, as its browser sends it: every mark there is to give."""
    sent: dict[str, Any] = {"seen": [], "act": "send"}
    for question in template("satisfaction", "zh-hans").questionnaire:
        if question.kind in (Kind.RATING, Kind.SCORE):
            sent[f"q-{question.key}"] = str(weak if question.key == WEAK else mark)
        sent |= {f"q-{question.key}-{row.key}": str(mark) for row in question.rows}
        sent["seen"].append(question.key)
    return sent


def only(cast: Cast, model: Any, **facts: Any) -> Any:
    with company_scope(cast.company.pk):
        return model.objects.get(**facts)


class Manager:
    """A manager with a browser, and the days that pass."""

    def __init__(self, cast: Cast, sign_in: SignIn, clock: Any) -> None:
        self.cast, self.sign_in, self.clock = cast, sign_in, clock
        self.browser = sign_in(cast.manager)
        self.day = TUESDAY

    def sends(self, path: str, data: dict[str, Any] | None = None) -> str:
        """Sends a form; where it leads."""
        answer = self.browser.post(f"/jinxiu/surveys/{path}", data or {})
        assert answer.status_code == 302, (path, answer.status_code, answer.content.decode()[:3000])
        return str(answer["Location"])

    def sees(self, path: str) -> str:
        answer = self.browser.get(f"/jinxiu/surveys/{path}")
        assert answer.status_code == 200, path
        return str(answer.content.decode())

    def waits(self, days: int) -> datetime:
        self.day += days * DAY
        self.clock.move_to(self.day)
        self.browser = self.sign_in(self.cast.manager)  # nobody stays signed in for weeks
        return self.day

    def asks(self, survey: Survey, name: str, mark: int, weak: int) -> Wave:
        """Plans a wave for today, everybody answers, it closes and is counted by itself."""
        today = self.day.date()
        self.sends(
            f"{survey.pk}/waves/new/",
            {
                "name": name,
                "opens_on": today.isoformat(),
                "closes_on": (today + 13 * DAY).isoformat(),
                "how": "census",
                "remind_after_days": "4",
            },
        )
        wave = only(self.cast, Wave, name=name)
        if wave.stage == Stage.PLANNED:
            self.sends(f"waves/{wave.pk}/open/")
        with company_scope(self.cast.company.pk):
            secrets = secrets_of(wave)
        for number, secret in enumerate(secrets):
            ticked = said(min(mark + number % 2, 5), min(weak + number % 2, 5))
            answer = Client().post(f"/jinxiu/s/{secret}/", ticked)
            assert answer.status_code == 302, answer.content.decode()
        self.waits(14)
        move_all(now=self.day)
        counted: Wave = only(self.cast, Wave, pk=wave.pk)
        return counted


def test_from_the_template_to_the_effect(jinxiu: Cast, sign_in: SignIn, clock: Any) -> None:
    manager = Manager(jinxiu, sign_in, clock)
    with company_scope(jinxiu.company.pk):
        street(jinxiu, "5栋", 14)
    manager.sees("new/?template=satisfaction")
    facts = {"title": "业主满意度调查", "audience": "owners", "one_per": "household"}
    manager.sends("new/?template=satisfaction", facts)
    survey = only(jinxiu, Survey)
    first = manager.asks(survey, "上半年", mark=3, weak=1)
    assert (first.stage, first.is_reckoned) == (Stage.COUNTED, True)

    improves(manager, first)
    manager.waits(160)
    second = manager.asks(survey, "下半年", mark=3, weak=4)
    improvement = only(jinxiu, Improvement)
    assert (improvement.wave_after_id, improvement.effect) == (second.pk, "better")
    assert f"{improvement.value_after:.1f}" in manager.sees("improvements/")

    public = publishes(manager, second)
    assert TITLE in public


def improves(manager: Manager, wave: Wave) -> None:
    """One click from the weak item to a ticket, which is done with evidence and not without."""
    weak = f"improvements/new/?wave={wave.pk}&item={WEAK}"
    assert weak.replace("&", "&amp;") in manager.sees(f"waves/{wave.pk}/results/")
    supervisor: Membership = manager.cast.supervisor
    due = (manager.day + 40 * DAY).date().isoformat()
    typed = {"title": TITLE, "assignee": str(supervisor.pk), "due_on": due, "expected": "50"}
    manager.sends(weak, typed)
    ticket = only(manager.cast, Improvement).ticket_id
    browser, at = manager.sign_in(supervisor), f"/jinxiu/tickets/{ticket}/resolve/"
    for words, status in (("已经做了", "accepted"), (PROOF, "resolved")):
        browser.post(at, {"solution": words})
        assert only(manager.cast, Ticket, pk=ticket).status == status


def publishes(manager: Manager, wave: Wave) -> str:
    """Written by one, approved by another; what everybody reads then."""
    community = str(manager.cast.community.pk)
    manager.sends(f"waves/{wave.pk}/publications/new/", {"community": community})
    publication = only(manager.cast, Publication)
    public = f"/jinxiu/said/{publication.pk}/"
    assert Client().get(public).status_code == 404
    approver = manager.sign_in(manager.cast.admin)
    at = f"/jinxiu/surveys/publications/{publication.pk}/"
    seen = approver.get(at).context["approve_form"]["seen"].value()
    approver.post(f"{at}approve/", {"seen": seen})
    page = Client().get(public)
    assert page.status_code == 200
    return page.content.decode()


def test_a_member_of_the_rival_sees_none_of_it(jinxiu: Cast, heyue: Cast, sign_in: SignIn) -> None:
    stranger: Membership = heyue.manager
    assert sign_in(stranger).get("/jinxiu/surveys/").status_code == 404
