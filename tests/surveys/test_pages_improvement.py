"""Pages and operations of improvements."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints.models import Ticket
from surveys.models import Improvement, Wave
from surveys.services.improving import check_effects
from surveys.services.improving_values import Item
from tenancy.models import Community, Membership, MembershipCommunity
from tenancy.scope import company_scope
from tests.api.conftest import ApiOf, api
from tests.conftest import SignIn
from tests.factories.cast import Cast
from tests.surveys.asking import done, opened, street, survey_of
from tests.surveys.test_improving import BAD, GOOD, LATER, decide, wave_of

__all__ = ["api"]  # the fixture


@pytest.fixture
def wave(jinxiu: Cast) -> Wave:
    with company_scope(jinxiu.company.pk):
        street(jinxiu, "5栋", 12)
        return wave_of(jinxiu, survey_of(jinxiu), BAD)


@pytest.fixture
def supervisor(jinxiu: Cast, sign_in: SignIn) -> Client:
    return sign_in(jinxiu.supervisor)


def address(cast: Cast, name: str, **more: Any) -> str:
    return reverse(f"surveys:improvement_{name}", kwargs={"company": cast.company.slug, **more})


def typed(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "title": "晚间增派维修值班", "description": "每晚两人", "due_on": "2099-01-15",
        "assignee": cast.supervisor.pk, "expected": "60", **more,
    }  # fmt: skip


def only(cast: Cast, member: Membership, community: Community | None) -> None:
    """Let somebody look after one community alone, or after none."""
    with company_scope(cast.company.pk):
        Membership.objects.filter(pk=member.pk).update(all_communities=False)
        if community is not None:
            MembershipCommunity.objects.create(membership=member, community=community)


def test_from_the_waves_to_the_weakest_item_to_a_ticket(
    jinxiu: Cast, heyue: Cast, supervisor: Client, wave: Wave, sign_in: SignIn
) -> None:
    new = address(jinxiu, "add")
    assert supervisor.get(new).context["waves"] == [wave]
    weakest = supervisor.get(new, {"wave": str(wave.pk)}).context["weakest"]
    assert [(item.name, words, value.value) for item, words, value in weakest] == [
        ("speed", "报修处理及时吗？", 25)
    ]
    form = supervisor.get(new, {"wave": str(wave.pk), "item": "speed"})
    assert (form.context["before"].value, form.context["form"]["expected"].value()) == (25, 30)
    target = f"{new}?wave={wave.pk}&item=speed"
    due = str(form.context["form"]["due_on"].value())
    early = supervisor.post(target, typed(jinxiu, due_on="2020-01-01"))
    assert (early.status_code, early.context["form"]["title"].value()) == (422, "晚间增派维修值班")
    little = supervisor.post(target, typed(jinxiu, due_on=due, expected="20"))
    assert "25.00" in str(little.context["form"].non_field_errors())
    done = supervisor.post(target, typed(jinxiu, due_on=due))
    with company_scope(jinxiu.company.pk):
        row = Improvement.objects.get()
    assert done["Location"].endswith(f"/tickets/{row.ticket_id}/")
    again = supervisor.get(new, {"wave": str(wave.pk), "item": "speed"})
    assert again.context["others"] == [row]
    # Others see none of it.
    theirs = sign_in(heyue.supervisor)
    assert theirs.get(address(heyue, "list")).context["rows"] == []
    assert theirs.get(address(heyue, "of", pk=row.ticket_id)).status_code == 404
    assert theirs.get(address(heyue, "add"), {"wave": str(wave.pk)}).status_code == 404
    assert sign_in(jinxiu.desk).get(address(jinxiu, "list")).status_code == 403


def test_page_without_results_says_so(jinxiu: Cast, supervisor: Client) -> None:
    assert supervisor.get(address(jinxiu, "add")).context["waves"] == []
    target = f"{address(jinxiu, 'add')}?item=speed"
    refused = supervisor.post(target, typed(jinxiu))
    assert refused.status_code == 422
    assert refused.context["form"].non_field_errors()


@pytest.mark.parametrize(
    "asked",
    [
        {"wave": "nonsense"},
        {"wave": str(uuid4())},
        {"community": str(uuid4())},
        {"building": "1"},
        {"item": "never"},
        {"item": "words"},
    ],
)
def test_what_is_not_there_is_not_found(
    jinxiu: Cast, supervisor: Client, wave: Wave, asked: dict[str, str]
) -> None:
    found = supervisor.get(address(jinxiu, "add"), {"wave": str(wave.pk), **asked})
    assert found.status_code == 404


def test_too_few_answers_offer_nothing(jinxiu: Cast, supervisor: Client, wave: Wave) -> None:
    with company_scope(jinxiu.company.pk):
        alone = street(jinxiu, "6栋", 2)
    page = supervisor.get(
        address(jinxiu, "add"), {"wave": str(wave.pk), "item": "speed", "building": str(alone.pk)}
    )
    assert (page.context["before"], page.context["community"]) == (None, jinxiu.community)
    empty = supervisor.get(
        address(jinxiu, "add"), {"wave": str(wave.pk), "building": str(alone.pk)}
    )
    assert empty.context["weakest"] == []


def test_whoever_looks_after_some_communities_decides_about_those(
    jinxiu: Cast, sign_in: SignIn, wave: Wave
) -> None:
    new = address(jinxiu, "add")
    only(jinxiu, jinxiu.supervisor, None)
    assert sign_in(jinxiu.supervisor).get(new, {"wave": str(wave.pk)}).status_code == 404
    only(jinxiu, jinxiu.supervisor, jinxiu.community)
    mine = sign_in(jinxiu.supervisor).get(new, {"wave": str(wave.pk)})
    assert mine.context["community"] == jinxiu.community
    assert len(mine.context["weakest"]) == 1
    with company_scope(jinxiu.company.pk):
        there = Community.objects.create(name="月亮湾")
    only(jinxiu, jinxiu.manager, there)
    elsewhere = sign_in(jinxiu.manager)
    assert elsewhere.get(new, {"wave": str(wave.pk)}).context["weakest"] == []
    hidden = {"wave": str(wave.pk), "community": str(jinxiu.community.pk)}
    assert elsewhere.get(new, hidden).status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_list_tells_before_expected_and_after_with_few_queries(
    jinxiu: Cast, supervisor: Client, wave: Wave, many: int
) -> None:
    with company_scope(jinxiu.company.pk):
        for _number in range(many):
            done(jinxiu, decide(jinxiu, wave))
        row = decide(jinxiu, wave, item=Item("speed"), community=jinxiu.community)
        done(jinxiu, row)
        check_effects(wave=wave_of(jinxiu, wave.survey, GOOD, days=20), now=LATER)
    supervisor.get(address(jinxiu, "list"))
    with CaptureQueriesContext(connection) as captured:
        page = supervisor.get(address(jinxiu, "list"))
    rows = page.context["rows"]
    assert len(rows) == many + 1
    assert len([one for one in captured if "surveys_improvement" in one["sql"]]) == 1
    assert rows[0].strip == {"before": 60, "expected": 130, "after": 193}
    assert rows[0].words == "报修处理及时吗？"
    states = {
        state: len(supervisor.get(address(jinxiu, "list"), {"state": state}).context["rows"])
        for state in ("open", "done", "late")
    }
    assert (states["open"], states["done"]) == (0, many + 1)
    card = supervisor.get(address(jinxiu, "of", pk=rows[0].ticket_id))
    part = supervisor.get(
        address(jinxiu, "of", pk=rows[0].ticket_id), headers={"hx-request": "true"}
    )
    assert [b"<html" in each.content for each in (card, part)] == [True, False]


def test_card_says_what_its_effect_waits_for(jinxiu: Cast, supervisor: Client, wave: Wave) -> None:
    with company_scope(jinxiu.company.pk):
        row = decide(jinxiu, wave)
    page = address(jinxiu, "of", pk=row.ticket_id)
    english = {"accept-language": "en"}
    text = supervisor.get(page, headers=english).content.decode()
    assert "Not done yet: the first wave after it will tell." in text
    with company_scope(jinxiu.company.pk):
        done(jinxiu, row)
    text = supervisor.get(page, headers=english).content.decode()
    assert "The next wave that asks the same of the same people will tell." in text


def test_improvements_through_the_api(jinxiu: Cast, heyue: Cast, wave: Wave, api: ApiOf) -> None:
    manager, desk = api(jinxiu.manager), api(jinxiu.desk)
    facts = {
        "wave": str(wave.pk), "item": "speed", "title": "增派值班", "due_on": "2027-01-15",
        "assignee": str(jinxiu.supervisor.pk), "expected": "60",
    }  # fmt: skip
    path = "surveys/improvements/"
    assert desk.post(path, facts).status_code == 403
    made = manager.post(path, facts)
    found = made.json()
    assert (made.status_code, found["value_before"], found["effect"]) == (201, 25, "")
    assert (found["status"], found["assignee"]) == ("accepted", str(jinxiu.supervisor.pk))
    assert [row["id"] for row in manager.results(f"{path}?state=open")] == [found["id"]]
    assert manager.results(f"{path}?ticket={uuid4()}") == []
    assert manager.get(f"{path}{found['id']}/").json() == found
    assert manager.post(path, {**facts, "item": "dimension:courage"}).status_code == 400
    assert manager.post(path, {**facts, "wave": str(uuid4())}).status_code == 400
    assert manager.post(path, {**facts, "expected": "5"}).json()["code"] == "expects_no_better"
    theirs = api(heyue.manager)
    assert theirs.results(path) == []
    assert theirs.get(f"{path}{found['id']}/").status_code == 404
    assert theirs.post(path, facts).status_code == 400
    only(jinxiu, jinxiu.supervisor, jinxiu.community)
    limited = api(jinxiu.supervisor)
    assert limited.post(path, facts).json()["code"] == "not_your_place"
    here = limited.post(path, {**facts, "community": str(jinxiu.community.pk)})
    assert here.json()["community"] == str(jinxiu.community.pk)


def test_wave_that_runs_is_refused_by_the_api(jinxiu: Cast, api: ApiOf) -> None:
    with company_scope(jinxiu.company.pk):
        street(jinxiu, "5栋", 12)
        wave = opened(jinxiu)
    sent = {
        "wave": str(wave.pk), "item": "speed", "title": "x", "due_on": "2027-01-15",
        "assignee": str(jinxiu.supervisor.pk), "expected": str(Decimal(60)),
    }  # fmt: skip
    refused = api(jinxiu.manager).post("surveys/improvements/", sent)
    assert (refused.status_code, refused.json()["code"]) == (409, "wave_not_counted")
    with company_scope(jinxiu.company.pk):
        assert not Ticket.objects.exists()
