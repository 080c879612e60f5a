"""Everybody tries to find out who said what: with every page, file and table that there is."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection, models
from django.db.models import Count
from django.test import Client
from django.urls import reverse

from owners.models import Building, Owner, Ownership, Unit
from surveys.models import (
    Invitation,
    Response,
    ResponseMark,
    ResponsePhoto,
    Tally,
    TextCode,
    Wave,
    Way,
)
from surveys.services.answering import answer
from surveys.services.cells import LEAST, Scope
from surveys.services.inviting import secret_of
from surveys.services.tallying import tally
from tenancy.models import Community, MembershipCommunity
from tenancy.scope import company_scope
from tests.factories.cast import Cast
from tests.surveys.asking import TODAY, counted, opened, survey_of
from tests.surveys.paper import said_by
from tests.surveys.test_anonymity_cells import isolated

DOCUMENT: dict[str, Any] = {
    "sections": [
        {
            "title": "服务",
            "questions": [
                {"kind": "rating", "text": "及时吗？", "key": "speed", "required": True},
                {"kind": "text", "text": "为什么？", "key": "why",
                 "conditions": [{"question": "speed", "test": "at_most", "amount": 2}]},
                {"kind": "text", "text": "还想说什么？", "key": "words"},
            ],
        }
    ]
}  # fmt: skip
# community, building, how many answer, how many of them are not content
HOUSES = [
    ("东园", "1栋", 12, 6), ("东园", "2栋", 9, 2), ("东园", "3栋", 6, 0), ("东园", "4栋", 3, 3),
    ("西园", "1栋", 8, 5), ("西园", "2栋", 7, 6), ("西园", "3栋", 2, 1),
    ("南园", "1栋", 4, 2), ("北园", "1栋", 6, 1),
]  # fmt: skip


def limit(cast: Cast, role: str, community: Community) -> None:
    member = cast.members[role]
    member.all_communities = False
    member.save(update_fields=["all_communities"])
    MembershipCommunity.objects.create(membership=member, community=community)


def counted_wave(cast: Cast) -> Wave:
    """Homes of three communities have answered; in some of their buildings very few."""
    cast.community.name = "老院"
    cast.community.save()
    places: dict[str, Community] = {}
    for name, house, homes, _low in HOUSES:
        if name not in places:
            places[name] = Community.objects.create(name=name)
        building = Building.objects.create(community=places[name], name=house)
        units = Unit.objects.bulk_create(
            Unit(
                building=building, community=places[name], number=str(n), label=f"{name}{house}{n}"
            )
            for n in range(homes)
        )
        for unit in units:
            Ownership.objects.create(owner=Owner.objects.create(name=unit.label), unit=unit)
    wave = opened(cast, survey_of(cast, document=DOCUMENT))
    for name, house, _homes, low in HOUSES:
        there = {"building__name": house, "building__community__name": name}
        for number, each in enumerate(Invitation.objects.filter(**there).order_by("id")):
            given = {"speed": 1 if number < low else 5, "words": f"{name}{house}第{number}户"}
            if number < low:
                given["why"] = f"因为{name}{house}第{number}户"
            answer(secret=secret_of(each), given=given, way=Way.LINK, today=TODAY)
    counted(cast, wave)
    wave.refresh_from_db()
    tally(wave=wave)
    return wave


def truth(question: str) -> Counter[Scope]:
    """Where those who answered a question really live: what everybody in the yard may know."""
    found: Counter[Scope] = Counter()
    for name, house, homes, low in HOUSES:
        place = Building.objects.get(community__name=name, name=house)
        found[Scope(place.community_id, place.pk)] = low if question == "why" else homes
    return found


def url(name: str, wave: Wave) -> str:
    return reverse(name, args=["jinxiu", wave.pk])


def heard(client: Client, wave: Wave) -> dict[tuple[str, str], Any]:
    """Everything that the API tells somebody: by place and question, how many, and which texts."""
    found: dict[tuple[str, str], Any] = {}
    first = client.get(url("wave-results", wave)).json()
    for place in first["places"]:
        at = place["key"]
        found[at, ""] = place["answered"]
        for each in client.get(url("wave-results", wave), {"at": at}).json()["questions"]:
            for item in each["items"]:
                found[at, item["item"]] = item["answered"]
        texts = client.get(url("wave-texts", wave), {"at": at}).json()["results"]
        for key in {each["question"] for each in texts}:
            found[at, f"texts of {key}"] = {
                each["text"] for each in texts if each["question"] == key
            }
    return found


def scope_of(key: str) -> Scope:
    """Where a place is that an address names. Inside the company."""
    kind, _colon, which = key.partition(":")
    if kind == "building":
        place = Building.objects.get(pk=which)
        return Scope(place.community_id, place.pk)
    return Scope(UUID(which)) if kind == "community" else Scope()


def test_everybody_together_finds_nobody(scoped: Cast, sign_in: Any) -> None:
    """One is limited to the east, one to the west, one sees all: they lay their pages together."""
    wave = counted_wave(scoped)
    limit(scoped, "supervisor", Community.objects.get(name="东园"))
    limit(scoped, "admin", Community.objects.get(name="西园"))
    alone = {
        role: heard(sign_in(scoped.members[role]), wave)
        for role in ("supervisor", "admin", "manager")
    }
    together = {key: value for each in alone.values() for key, value in each.items()}

    with company_scope(scoped.company.pk):
        # Nobody limited is told of others, nor of a whole that holds them.
        east, west = (Community.objects.get(name=name).pk for name in ("东园", "西园"))
        assert {scope_of(at).community for at, _what in alone["supervisor"]} == {east}
        assert {scope_of(at).community for at, _what in alone["admin"]} == {west}
        assert alone["manager"] == together

        for question in ("", "speed", "why", "words"):
            told = [scope_of(at) for at, what in together if what == question]
            where = +truth(question)
            assert isolated(where, told) == []
            for scope in told:
                really = sum(n for atom, n in where.items() if scope in (
                    Scope(), Scope(atom.community), atom,
                ))  # fmt: skip
                assert really == together[_key(scope), question] >= LEAST
        # The few of 4栋 in the east are told with another building; 南园 and 北园 with nobody.
        assert "南园" not in str(together[_key(Scope(east)), "texts of words"])
        told_of_why = {scope_of(at) for at, what in together if what == "why"}
        assert told_of_why < {scope_of(at) for at, what in together if what == "speed"}


def _key(scope: Scope) -> str:
    if scope.building:
        return f"building:{scope.building}"
    return f"community:{scope.community}" if scope.community else ""


def test_texts_are_read_only_where_five_wrote(scoped: Cast, sign_in: Any) -> None:
    """And in no place by whose difference from the whole fewer than five are left."""
    wave = counted_wave(scoped)
    everything = heard(sign_in(scoped.manager), wave)
    whole = everything["", "texts of words"]
    assert len(whole) == sum(homes for _c, _b, homes, _low in HOUSES)
    for (_at, what), texts in everything.items():
        if what.startswith("texts of"):
            assert len(texts) >= LEAST
            rest = everything["", what] - texts
            assert not rest or len(rest) >= LEAST


QUERIES = (
    "", "?at=building:{small}", "?at=community:{others}&by=communities", "?at=", "?by=buildings",
    "?at=group:", "?at=x:y",
)  # fmt: skip


def test_pages_and_files_tell_what_the_api_tells(scoped: Cast, sign_in: Any) -> None:
    wave = counted_wave(scoped)
    limit(scoped, "supervisor", Community.objects.get(name="东园"))
    client = sign_in(scoped.supervisor)
    small = Building.objects.get(community__name="东园", name="4栋").pk
    others = Community.objects.get(name="西园").pk
    pages = ["wave_results", "wave_compare", "wave_texts", "wave_presentation", *FILES]
    for name in pages:
        address = reverse(f"surveys:{name}", args=["jinxiu", wave.pk])
        for query in QUERIES:
            answer = client.get(address + query.format(small=small, others=others))
            assert answer.status_code == 200
            said = FILES.get(name, bytes.decode)(answer.content)
            assert "西园" not in said
            assert "南园" not in said
            assert "4栋<" not in said
            assert "东园·4栋" not in "".join(said.split())
    for query in (f"building:{small}", f"community:{others}", "", "x"):
        for name in ("wave-results", "wave-texts", "wave-workbook", "wave-pdf"):
            answer = client.get(url(name, wave), {"at": query})
            assert (answer.status_code, answer.json()["errors"][0]["code"]) == (
                400,
                "invalid_choice",
            )


def _unzipped(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist())


FILES: dict[str, Callable[[bytes], str]] = {"wave_workbook": _unzipped, "wave_pdf": said_by}


def test_answers_of_one_person_are_joined_nowhere(scoped: Cast, sign_in: Any) -> None:
    """Two texts of one person: no id, no order and no page has them together."""
    wave = counted_wave(scoped)
    client = sign_in(scoped.manager)
    texts = client.get(url("wave-texts", wave)).json()["results"]
    assert client.get(url("wave-texts", wave), {"question": "\x00"}).json()["results"] == texts
    page = client.get(reverse("surveys:wave_texts", args=["jinxiu", wave.pk])).content.decode()
    with company_scope(scoped.company.pk):
        responses = {str(pk) for pk in Response.objects.values_list("pk", flat=True)}
    assert not responses & set(re.findall(r"[0-9a-f-]{36}", page + str(texts)))
    order = {
        key: [each["text"].removeprefix("因为") for each in texts if each["question"] == key]
        for key in ("why", "words")
    }
    both = [each for each in order["words"] if each in order["why"]]
    assert sorted(both) == sorted(order["why"])
    assert both != order["why"]


def test_what_is_stored_of_an_answer_is_shared_by_five(scoped: Cast) -> None:
    """Whoever reads the tables: where an answer came from fits five, and there is no time."""
    counted_wave(scoped)
    alike = Response.objects.values_list("community", "building", "group", "way")
    counts = alike.annotate(n=Count("*")).order_by().values_list("n", flat=True)
    assert min(counts) >= LEAST
    for model in (Response, ResponseMark, ResponsePhoto, Tally, TextCode):
        times = [f.name for f in model._meta.fields if isinstance(f, models.DateField)]
        links = {f.related_model for f in model._meta.fields if f.is_relation}
        assert (times, links & {Invitation, Owner, Unit}) == ([], set())
        if model not in (Tally, TextCode):
            assert {pk.version for pk in model.objects.values_list("pk", flat=True)} <= {4}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM surveys_ballot")
        assert cursor.fetchone() == (0,)


def test_no_admin_page_shows_answers() -> None:
    shown = {model._meta.app_label for model in admin.site._registry}
    assert "surveys" not in shown
    assert apps.get_app_config("surveys").name == "surveys"


@pytest.mark.parametrize("role", ["owner", "technician", "desk"])
def test_results_are_for_those_who_may_read_surveys(jinxiu: Cast, sign_in: Any, role: str) -> None:
    with company_scope(jinxiu.company.pk):
        wave = counted_wave(jinxiu)
    client = sign_in(jinxiu.members[role])
    for name in ("results", "workbook", "pdf"):
        page = reverse(f"surveys:wave_{name}", args=["jinxiu", wave.pk])
        for address in (page, url(f"wave-{name}", wave)):
            assert client.get(address).status_code == 403


def test_rival_finds_nothing(jinxiu: Cast, heyue: Cast, sign_in: Any) -> None:
    with company_scope(jinxiu.company.pk):
        wave = counted_wave(jinxiu)
    client = sign_in(heyue.manager)
    for name in ("wave_results", "wave_compare", "wave_texts", "wave_presentation", "wave_pdf"):
        for slug, status in (("jinxiu", 404), ("heyue", 404)):
            page = client.get(reverse(f"surveys:{name}", args=[slug, wave.pk]))
            assert page.status_code == status


def test_owners_see_no_tallies(scoped: Cast) -> None:
    counted_wave(scoped)
    assert Tally.objects.visible_to(scoped.owner).count() == 0


def test_before_it_is_counted_a_wave_tells_nothing(scoped: Cast, sign_in: Any) -> None:
    wave = opened(scoped, survey_of(scoped, document=DOCUMENT))
    client = sign_in(scoped.manager)
    found = client.get(url("wave-results", wave)).json()
    assert (found["places"], found["at"], found["questions"]) == ([], None, [])
    assert client.get(url("wave-texts", wave)).json()["results"] == []
    for name in ("wave_results", "wave_compare", "wave_texts", "wave_presentation"):
        found = client.get(reverse(f"surveys:{name}", args=["jinxiu", wave.pk]))
        assert found.status_code == 200
    for name in ("workbook", "pdf"):
        page = reverse(f"surveys:wave_{name}", args=["jinxiu", wave.pk])
        for address in (page, url(f"wave-{name}", wave)):
            assert client.get(address).status_code == 404
