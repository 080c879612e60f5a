"""The index as people and programs read it."""

import json
import subprocess
import sys
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints.services.calling import call_back
from complaints.services.handling import accept
from surveys.models import IndexFigure, IndexWeights, Wave
from surveys.services.index import measure
from surveys.views.index import worth
from tenancy.models import Community, MembershipCommunity
from tenancy.scope import company_scope
from tests.factories.cast import TUESDAY, Cast
from tests.surveys.asking import FIVE_DIMENSIONS, filled, marks_of, opened, street, survey_of
from tests.surveys.test_index import FACTS, driven, mixed, next_wave, two_streets


def page(name: str, *args: Any) -> str:
    return reverse(f"surveys:{name}", args=["jinxiu", *args])


def operation(path: str) -> str:
    return f"/jinxiu/api/v1/surveys/{path}/"


def measured(cast: Cast) -> Wave:
    """The second wave of two, both measured, in two buildings."""
    wave, large, small = two_streets(cast)
    filled(wave, [(large, mixed(2, 3, 5)), (small, mixed(3, 4, 4))])
    measure(wave=wave, now=TUESDAY)
    after = next_wave(cast, wave)
    filled(after, [(large, mixed(4, 5, 5)), (small, mixed(3, 4, 4))])
    measure(wave=after, now=TUESDAY)
    return after


def limited(cast: Cast, role: str, community: Community) -> None:
    member = cast.members[role]
    member.all_communities = False
    member.save(update_fields=["all_communities"])
    MembershipCommunity.objects.create(membership=member, community=community)


def test_index_of_a_wave_shows_its_figures_their_items_and_the_change(
    scoped: Cast, sign_in: Any
) -> None:
    wave = measured(scoped)
    whole = IndexFigure.objects.get(wave=wave, place="all", dimension="")
    client: Client = sign_in(scoped.supervisor)

    answer = client.get(page("wave_index", wave.pk))

    said = answer.content.decode()
    assert answer.status_code == 200
    assert f"{whole.value:.1f}" in said
    assert "more than chance would explain" in said
    assert [each["label"] for each in answer.context["dimensions"]] == [
        "reliability", "responsiveness", "assurance", "empathy", "tangibles"
    ]  # fmt: skip
    assert [each["weight"] for each in answer.context["dimensions"]] == list(FACTS.values())
    assert [item["text"] for item in answer.context["dimensions"][4]["items"]] == [
        "环境如何？ – 清洁", "环境如何？ – 绿化"
    ]  # fmt: skip
    assert [str(label)[-2:] for label, _spot in answer.context["places"]] == [
        "ed", "花园", "8栋", "9栋"
    ]  # fmt: skip
    at = answer.context["places"][2][1].key
    one = client.get(page("wave_index", wave.pk), {"at": at})
    assert one.context["spot"].whole.label.endswith("8栋")
    other = client.get(page("wave_index", wave.pk), {"at": "building:nowhere"})
    assert other.context["spot"].whole.place == "all"


def test_drivers_are_shown_with_where_to_begin(scoped: Cast, sign_in: Any) -> None:
    wave = driven(scoped)
    measure(wave=wave, now=TUESDAY)
    client: Client = sign_in(scoped.supervisor)

    answer = client.get(page("wave_index", wave.pk))
    sent = client.get(operation(f"waves/{wave.pk}/index")).json()["drivers"]

    first = answer.context["drivers"]["rows"][0]
    assert (first["text"], first["name"], first["is_lever"]) == (
        "reliability", "dimension:reliability", True
    )  # fmt: skip
    assert f"?wave={wave.pk}&amp;item=dimension%3Areliability" in answer.content.decode()
    assert (sent["finding"], sent["whole"], sent["answered"]) == ("found", "总体如何？", 39)
    assert sent["drivers"][0]["dimension"] == "reliability"


def test_nothing_asked_about_the_whole_is_said(scoped: Cast, sign_in: Any) -> None:
    survey = survey_of(scoped, document={"sections": FIVE_DIMENSIONS["sections"][:2]})
    wave = filled(opened(scoped, survey), [(street(scoped, "8栋", 9), [marks_of(4)] * 6)])
    measure(wave=wave, now=TUESDAY)
    answer = sign_in(scoped.manager).get(page("wave_index", wave.pk))
    assert "Nothing was asked about the service as a whole" in answer.content.decode()


def test_ratings_after_service_stand_beside_the_index_and_not_in_it(
    scoped: Cast, sign_in: Any
) -> None:
    wave, large, _small = two_streets(scoped)
    filled(wave, [(large, mixed(3, 4, 3))])
    measure(wave=wave, now=TUESDAY)
    ticket, desk = scoped.file(), scoped.actor("desk")
    accept(ticket=ticket, by=desk, now=TUESDAY)
    call_back(ticket=ticket, outcome="reached_satisfied", by=desk, now=TUESDAY)
    client: Client = sign_in(scoped.manager)

    answer = client.get(page("wave_index", wave.pk))

    # Whoever was reached was asked, and said nothing.
    assert [(said.asked, said.answered) for _label, said in answer.context["beside"]] == [(1, 0)]
    building = answer.context["places"][2][1].key
    assert client.get(page("wave_index", wave.pk), {"at": building}).context["beside"] == []


def test_number_of_queries_does_not_grow_with_places(scoped: Cast, sign_in: Any) -> None:
    survey = survey_of(scoped, document=FIVE_DIMENSIONS)
    one = filled(opened(scoped, survey, name="一"), [(street(scoped, "5栋", 9), mixed(2, 4, 3))])
    streets = [street(scoped, f"{number}栋", 9) for number in (6, 7, 9)]
    three = filled(opened(scoped, survey, name="三"), [(each, mixed(2, 4, 3)) for each in streets])
    for wave in (one, three):
        measure(wave=wave, now=TUESDAY)
    client: Client = sign_in(scoped.manager)
    client.get(page("wave_index", one.pk))
    counts = []
    for address in (page("wave_index", one.pk), page("wave_index", three.pk)):
        with CaptureQueriesContext(connection) as found:
            client.get(address)
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_who_looks_after_a_community_sees_its_figures_and_no_others(
    scoped: Cast, sign_in: Any
) -> None:
    wave = measured(scoped)
    other = Community.objects.create(name="别处")
    client: Client = sign_in(scoped.supervisor)
    limited(scoped, "supervisor", scoped.community)

    mine = client.get(page("wave_index", wave.pk))
    sent = client.get(operation(f"waves/{wave.pk}/index")).json()

    assert mine.context["spot"].whole.place == "community"
    assert mine.context["drivers"] == {}
    assert {each["place"] for each in sent["figures"]} == {"community", "building"}
    assert (sent["drivers"], sent["answered"], sent["population"]) == (None, None, None)
    with company_scope(scoped.company.pk):
        MembershipCommunity.objects.update(community=other)
    assert client.get(page("wave_index", wave.pk)).context["spot"] is None
    assert client.get(page("index_trend", wave.survey_id)).context["spots"] == []


def test_pages_without_figures_say_why(scoped: Cast, sign_in: Any) -> None:
    place = street(scoped, "8栋", 12)
    client: Client = sign_in(scoped.manager)
    running = opened(scoped)
    address = page("wave_index", running.pk)
    assert "not been measured yet" in client.get(address).content.decode()
    assert client.get(operation(f"waves/{running.pk}/index")).status_code == 404
    with company_scope(scoped.company.pk):
        measure(wave=filled(running, [(place, [{("speed", ""): 4}] * 6)]), now=TUESDAY)
    assert "Nothing in this questionnaire" in client.get(address).content.decode()
    assert client.get(operation(f"waves/{running.pk}/index")).json()["finding"] == "nothing_asked"
    assert (
        "No wave of this survey"
        in client.get(page("index_trend", running.survey_id)).content.decode()
    )


def test_trend_shows_every_wave_of_a_place(scoped: Cast, sign_in: Any) -> None:
    wave = measured(scoped)
    building = IndexFigure.objects.filter(place="building", dimension="").first()
    assert building is not None
    client: Client = sign_in(scoped.manager)

    answer = client.get(page("index_trend", wave.survey_id))

    assert [each.whole.wave.name for each in answer.context["spots"]] == [
        "2026年下半年", "2027年上半年"
    ]  # fmt: skip
    assert page("index_trend", wave.survey_id) in (
        client.get(page("survey", wave.survey_id)).content.decode()
    )
    series = answer.context["series"]
    assert [len(each["figures"]) for each in series] == [2] * 6
    key = {"place": "building", "key": building.key}
    sent = client.get(operation(f"{wave.survey_id}/trend"), key).json()["results"]
    assert [each["name"] for each in sent] == ["2026年下半年", "2027年上半年"]
    assert {row["place"] for each in sent for row in each["figures"]} == {"building"}
    assert sent[1]["figures"][0]["verdict"] in ("real", "chance", "too_few")
    wrong = client.get(operation(f"{wave.survey_id}/trend"), {"place": "street"})
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (400, "invalid_choice")


def test_api_tells_what_the_page_tells(scoped: Cast, sign_in: Any) -> None:
    wave = measured(scoped)
    whole = IndexFigure.objects.select_related("report").get(wave=wave, place="all", dimension="")
    client: Client = sign_in(scoped.manager)

    sent = client.get(operation(f"waves/{wave.pk}/index")).json()

    first = sent["figures"][0]
    assert (first["place"], first["dimension"], first["value"]) == ("all", "", whole.value)
    assert (first["was"], first["verdict"]) == (whole.was, "real")
    assert sent["weights"]["version"] == 1
    assert sent["before"] == str(whole.report.before_id)
    assert len(sent["items"]) == 10
    assert sent["items"][0].keys() == {"question", "row", "text", "mean", "answered"}
    assert sent["drivers"]["finding"] in ("found", "too_few")


def test_weights_are_set_by_whoever_sets_surveys_on_page_and_api(
    scoped: Cast, sign_in: Any
) -> None:
    address = page("index_weights")
    even = dict.fromkeys(FACTS, 20)
    assert sign_in(scoped.supervisor).get(address).status_code == 403
    client: Client = sign_in(scoped.manager)
    assert [shares for _row, shares in client.get(address).context["versions"]] == [
        list(FACTS.values())
    ]

    wrong = client.post(address, {**even, "empathy": 30})
    missing = client.post(address, {**even, "empathy": ""})
    right = client.post(address, even)

    assert (wrong.status_code, missing.status_code, right.status_code) == (422, 422, 302)
    assert "110" in wrong.content.decode()
    with company_scope(scoped.company.pk):
        by = list(IndexWeights.objects.order_by("number").values_list("by", flat=True))
    assert by == [None, scoped.manager.pk]
    back = json.dumps(FACTS)
    sent = client.post(operation("weights"), back, content_type="application/json")
    assert (sent.status_code, sent.json()["version"]) == (201, 3)
    refused = json.dumps({**even, "empathy": 30})
    answer = client.post(operation("weights"), refused, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (409, "weights_not_whole")
    listed = client.get(operation("weights")).json()
    assert [each["version"] for each in listed] == [3, 2, 1]


def test_rival_finds_no_figure_of_ours(jinxiu: Cast, heyue: Cast, sign_in: Any) -> None:
    with company_scope(jinxiu.company.pk):
        wave = measured(jinxiu)
    with company_scope(heyue.company.pk):
        assert IndexFigure.objects.count() == 0
        client: Client = sign_in(heyue.manager)
        theirs = reverse("surveys:wave_index", args=["heyue", wave.pk])
        assert client.get(theirs).status_code == 404


def test_a_web_process_starts_without_statistics() -> None:
    """They take seconds and a hundred megabytes: only whoever measures loads them."""
    code = (
        "import django, sys; django.setup(); import config.urls, config.celery; "
        "print({'numpy', 'scipy', 'pandas', 'statsmodels'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", code]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"


@pytest.mark.parametrize("marks", [5, 1])
def test_everybody_of_one_mind_is_told_without_a_crash(
    scoped: Cast, sign_in: Any, marks: int
) -> None:
    wave, large, _small = two_streets(scoped)
    filled(wave, [(large, [marks_of(marks)] * 40)])
    measure(wave=wave, now=TUESDAY)
    answer = sign_in(scoped.manager).get(page("wave_index", wave.pk))
    assert answer.context["spot"].whole.value == (marks - 1) * 25
    assert "Everybody gave the same mark" in answer.content.decode()


def test_where_to_begin_stands_above_what_only_has_room(scoped: Cast, sign_in: Any) -> None:
    room = {"is_lever": False, "priority": 30.0}
    begin = {"is_lever": True, "priority": 20.0}
    assert sorted([room, begin], key=worth) == [begin, room]
    wave = driven(scoped)
    measure(wave=wave, now=TUESDAY)
    said = sign_in(scoped.supervisor).get(page("wave_index", wave.pk)).content.decode()
    # Of too few to tell items apart, dimensions are told; one home is one answer.
    assert '<th scope="col">Dimension</th>' in said
    assert "households who could have been asked" in said
