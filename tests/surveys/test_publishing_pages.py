"""Publications as people write, approve and read them, and as programs do."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from owners.models import Building, Owner, Ownership, Unit
from surveys.models import Publication, PublicationStage, ResponseMark, Wave
from surveys.services.index import measure
from surveys.services.publishing_quotes import quotable, quote_text
from tenancy.models import Community, Company, Membership, MembershipCommunity
from tenancy.scope import company_scope
from tests.factories.cast import TUESDAY, Cast
from tests.surveys.asking import filled, opened
from tests.surveys.publishing import (
    STRONG,
    WEAK,
    approved,
    decide,
    drafted,
    street,
    survey_of,
    told,
    wave_of,
)

SCRIPT = "<script>alert(1)</script>"


NEIGHBOURS = (("月亮湾", 12), ("星星园", 3))


def page(name: str, *args: Any) -> str:
    return reverse(f"surveys:{name}", args=["jinxiu", *args])


def kept(cast: Cast) -> Publication:
    """The only one there is, as it is now; a request ends the service of its company."""
    with company_scope(cast.company.pk):
        row: Publication = Publication.objects.get()
        return row


def homes_at(name: str, number: int) -> tuple[Building, int]:
    """Another community, of one building with so many homes."""
    community = Community.objects.create(name=name)
    building = Building.objects.create(community=community, name="1栋")
    for each in range(number):
        facts = {"building": building, "community": community, "label": f"{name}{each}"}
        unit = Unit.objects.create(number=str(each), **facts)
        Ownership.objects.create(owner=Owner.objects.create(name=f"{name}{each}"), unit=unit)
    return building, number


@pytest.fixture
def wave(scoped: Cast) -> Wave:
    """The second of two waves, with something decided after the first."""
    Company.objects.filter(pk=scoped.company.pk).update(language="zh-hans")
    street(scoped, "5栋", 12)
    survey = survey_of(scoped)
    decide(scoped, wave_of(scoped, survey, WEAK))
    return wave_of(scoped, survey, STRONG, days=30)


def form_of(client: Client, row: Publication) -> dict[str, Any]:
    """What the browser would send of the form as it stands."""
    form = client.get(page("publication_change", row.pk)).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    for forms in (form.lines, form.quotes):
        for each in [forms.management_form, *forms.forms]:
            sent |= {each.add_prefix(name): each[name].value() for name in each.fields}
    return {name: value for name, value in sent.items() if value is not None and value is not False}


def written(manager: Client, row: Publication, text: ResponseMark) -> None:
    """The manager's words in two languages, something done, and a quote."""
    sent = form_of(manager, row)
    assert sent["line-0-text"] == "晚间增派维修值班"
    changed = sent | {
        "title": f"给业主的答复{SCRIPT}",
        "title_translated": "To our owners",
        "introduction": f"谢谢您。{SCRIPT}",
        "line-1-text": "更换门禁",
        "line-1-translated": "New door locks",
        "line-1-state": "done",
        "quotes": "1",
    }
    at, texts = page("publication_change", row.pk), page("publication_quotes", row.pk)
    assert manager.post(at, changed).headers["Location"] == texts
    assert len(manager.get(texts, {"search": "没人接"}).context["rows"]) == 12
    quoted = manager.post(f"{texts}?search=x", {"mark": text.pk})
    assert quoted.headers["Location"].endswith(f"?search=x#t-{text.pk}")
    sent = form_of(manager, row) | {"quote-0-text": "晚上没人接电话…", "quote-0-is_checked": "on"}
    assert manager.post(at, sent).headers["Location"] == page("publication", row.pk)


def test_from_the_wave_to_the_page_that_everybody_reads(
    scoped: Cast, sign_in: Any, wave: Wave
) -> None:
    manager, admin = sign_in(scoped.manager), sign_in(scoped.admin)
    places = manager.get(page("wave_publications", wave.pk))
    assert places.context["places"] == [(scoped.community, None)]
    assert page("wave_publications", wave.pk) in manager.get(page("wave", wave.pk)).content.decode()
    begun = manager.post(page("publication_add", wave.pk), {"community": scoped.community.pk})
    row = kept(scoped)
    assert begun.headers["Location"] == page("publication_change", row.pk)
    with company_scope(scoped.company.pk):
        text = quotable(row)[0]
    written(manager, row, text)

    # Nobody reads it yet, and whoever wrote it is offered no button.
    at = page("publication", row.pk)
    assert Client().get(page("published", row.pk)).status_code == 404
    assert "somebody else has to read" in manager.get(at).content.decode()
    # Whoever approves sees what a quote was shortened from.
    assert text.text in admin.get(at).content.decode()
    seen = admin.get(at).context["approve_form"].initial["seen"]
    assert admin.post(page("publication_approve", row.pk), {"seen": seen}).status_code == 302
    assert [each.action for each in admin.get(at).context["history"]] == [
        "approve_publication", *["change_publication"] * 3, "draft_publication"
    ]  # fmt: skip
    everybody_reads(row)
    assert "等了很久" not in Client().get(page("published", row.pk)).content.decode()


def test_page_that_stands_as_published_asks_for_no_correction(
    scoped: Cast, sign_in: Any, wave: Wave
) -> None:
    row = approved(scoped, drafted(scoped, wave), now=timezone.now())
    admin, at = sign_in(scoped.admin), page("publication", row.pk)
    assert page("publication_approve", row.pk) not in admin.get(at).content.decode()
    changed = form_of(admin, row) | {"title": "更正过的"}
    assert sign_in(scoped.manager).post(page("publication_change", row.pk), changed)
    assert page("publication_approve", row.pk) in admin.get(at).content.decode()


def test_quote_that_nobody_has_looked_at_is_pointed_out(
    scoped: Cast, sign_in: Any, wave: Wave
) -> None:
    row = drafted(scoped, wave)
    with company_scope(scoped.company.pk):
        quote_text(
            publication=row, mark=quotable(row)[0].pk, by=scoped.actor("manager"), now=TUESDAY
        )
    for member in (scoped.manager, scoped.admin):
        html = sign_in(member).get(page("publication", row.pk)).content.decode()
        assert f"{page('publication_change', row.pk)}#quotes-heading" in html
        assert page("publication_approve", row.pk) not in html


def everybody_reads(row: Publication) -> None:
    """As it was written, in two languages, without a trace of whoever reads."""
    read = Client().get(page("published", row.pk), {"in": "zh-hans"})
    said = read.content.decode()
    assert (read.status_code, read.headers["X-Robots-Tag"]) == (200, "noindex, nofollow")
    assert SCRIPT not in said
    for words in ("&lt;script&gt;", "晚上没人接电话…", "更换门禁"):
        assert words in said
    assert not read.cookies
    english = Client().get(page("published", row.pk), {"in": "en"}).content.decode()
    for words in ('<html lang="en"', "To our owners", "New door locks", "12<span> / 13"):
        assert words in english
    assert [each.pk for each in Client().get(page("said")).context["rows"]] == [row.pk]


def test_small_community_reads_that_nothing_is_told(scoped: Cast, wave: Wave) -> None:
    there = Community.objects.create(name="月亮湾")
    row = approved(scoped, drafted(scoped, wave, community=there))
    said = Client().get(page("published", row.pk), {"in": "en"}).content.decode()
    assert "withheld" in said
    assert "91" not in said.split("<main")[1].split("Promises kept")[0]


def test_withheld_because_of_a_neighbour_is_not_called_fewer_than_five(scoped: Cast) -> None:
    survey = survey_of(scoped)
    said = [(street(scoped, "8栋", 60), 60), *(homes_at(name, n) for name, n in NEIGHBOURS)]
    wave = filled(opened(scoped, survey), [(where, [{("speed", ""): 4}] * n) for where, n in said])
    measure(wave=wave, now=TUESDAY)
    wave = Wave.objects.select_related("edition", "survey").get(pk=wave.pk)
    twelve = Community.objects.get(name="月亮湾")
    row = approved(scoped, drafted(scoped, wave, community=twelve))
    assert told(row)["response"]["answered"] is None
    at = page("published", row.pk)
    said_there = Client().get(at, {"in": "en"}).content.decode()
    assert ">withheld</p>" in said_there
    assert "or so few elsewhere that they could be recognised" in said_there
    # Where how many have answered may be told, but not what.
    changed = told(row) | {
        "response": told(row)["response"] | {"answered": 12},
        "index_withheld": True,
        "dimensions": [{"dimension": "empathy", "figure": None}],
    }
    with company_scope(scoped.company.pk):
        Publication.objects.filter(pk=row.pk).update(document=changed)
    here = Client().get(at, {"in": "en"}).content.decode()
    assert "or so few were left elsewhere that they could be recognised" in here
    assert "so few left over that they could be recognised, or not asked" in here


def test_withdrawn_says_why_and_search_engines_come_when_they_may(
    scoped: Cast, sign_in: Any, wave: Wave
) -> None:
    row = drafted(scoped, wave)
    Publication.objects.filter(pk=row.pk).update(may_be_found=True)
    row = approved(scoped, Publication.objects.get(pk=row.pk))
    found = Client().get(page("published", row.pk))
    assert found.headers["X-Robots-Tag"] == "all"
    assert "noindex" not in found.content.decode()

    manager = sign_in(scoped.manager)
    at = page("publication_withdraw", row.pk)
    assert manager.post(at, {"reason": ""}).status_code == 302
    assert kept(scoped).stage == PublicationStage.APPROVED
    manager.post(at, {"reason": f"数字有误{SCRIPT}"})
    gone = Client().get(page("published", row.pk))
    assert gone.status_code == 410
    assert "数字有误&lt;script&gt;" in gone.content.decode()
    assert gone.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert not Client().get(page("said")).context["rows"]
    assert "数字有误" in manager.get(page("publication", row.pk)).content.decode()
    # Refusals are sentences on the page one came from.
    again = manager.post(at, {"reason": "x"}, follow=True)
    assert "It is not published." in again.content.decode()


def test_published_is_found_in_its_own_company_only(scoped: Cast, heyue: Cast, wave: Wave) -> None:
    row = approved(scoped, drafted(scoped, wave))
    mine = page("published", row.pk)
    assert Client().get(mine).status_code == 200
    assert Client().get(mine.replace("/jinxiu/", "/heyue/")).status_code == 404
    assert not Client().get(page("said").replace("/jinxiu/", "/heyue/")).context["rows"]


@pytest.mark.parametrize("name", ["publication", "publication_change", "publication_quotes"])
def test_who_looks_after_other_communities_finds_nothing(
    scoped: Cast, sign_in: Any, wave: Wave, name: str
) -> None:
    row = drafted(scoped, wave)
    elsewhere = Community.objects.create(name="月亮湾")
    Membership.objects.filter(pk=scoped.admin.pk).update(all_communities=False)
    MembershipCommunity.objects.create(membership=scoped.admin, community=elsewhere)
    client = sign_in(scoped.admin)
    assert client.get(page(name, row.pk)).status_code == 404
    assert not client.get(page("publication_list")).context["rows"]
    places = client.get(page("wave_publications", wave.pk)).context["places"]
    assert [each for each, _row in places] == [elsewhere]
    begun = client.post(page("publication_add", wave.pk), {"community": scoped.community.pk})
    assert begun.status_code == 404


def test_what_was_written_wrongly_is_kept_and_pointed_at(
    scoped: Cast, sign_in: Any, wave: Wave
) -> None:
    row = drafted(scoped, wave)
    client = sign_in(scoped.manager)
    sent = form_of(client, row)
    at = page("publication_change", row.pk)
    for wrong in (
        {"title": ""},
        {"line-0-text": ""},  # decided after an earlier wave, and told of nowhere
        {"items": ["never"]},
        {"seen": "older"},
        {"line-0-improvement": "nobody"},
    ):
        answer = client.post(at, sent | {"introduction": "谢谢您的耐心"} | wrong)
        assert answer.status_code == 422
        assert "谢谢您的耐心" in answer.content.decode()
    assert kept(scoped).introduction == ""
    # Somebody else was quicker: what was written stays, and stands if it is sent again.
    older = client.post(at, sent | {"introduction": "谢谢", "seen": "older"})
    now = older.context["form"]["seen"].value()
    assert now == sent["seen"]
    assert f'href="{page("publication", row.pk)}" target="_blank"' in older.content.decode()
    # Left out it may be, but not approved so.
    client.post(at, sent | {"line-0-DELETE": "on"})
    with company_scope(scoped.company.pk):
        assert not row.lines.exists()
    admin = sign_in(scoped.admin)
    seen = admin.get(page("publication", row.pk)).context["approve_form"].initial["seen"]
    refused = admin.post(page("publication_approve", row.pk), {"seen": seen}, follow=True)
    assert "晚间增派维修值班" in refused.content.decode()
    assert client.post(page("publication_quotes", row.pk), {"mark": row.pk}).status_code == 422
    assert client.get(page("publication_quotes", row.pk), {"page": "x"}).status_code == 200


def test_wave_that_has_nothing_to_tell_says_so(scoped: Cast, sign_in: Any) -> None:
    running = opened(scoped)
    client = sign_in(scoped.manager)
    answer = client.get(page("wave_publications", running.pk))
    assert "There is nothing to tell yet." in answer.content.decode()
    back = client.post(page("publication_add", running.pk), {"community": scoped.community.pk})
    assert back.headers["Location"] == page("wave_publications", running.pk)
    client.get(back.headers["Location"])
    with company_scope(scoped.company.pk):
        assert not Publication.objects.exists()


def test_lists_need_as_many_queries_for_three_as_for_one(
    scoped: Cast, sign_in: Any, wave: Wave
) -> None:
    client = sign_in(scoped.supervisor)

    def queries(at: str, who: Client) -> int:
        who.get(at)
        with CaptureQueriesContext(connection) as found:
            assert who.get(at).status_code == 200
        return len(found)

    pages = (page("publication_list"), page("wave_publications", wave.pk))
    approved(scoped, drafted(scoped, wave))
    few = [queries(each, client) for each in pages] + [queries(page("said"), Client())]
    with company_scope(scoped.company.pk):
        for name in ("月亮湾", "星河苑"):
            approved(scoped, drafted(scoped, wave, community=Community.objects.create(name=name)))
    many = [queries(each, client) for each in pages] + [queries(page("said"), Client())]
    assert many == few


AT = "/jinxiu/api/v1/surveys/publications/"


def send(client: Client, method: str, path: str, **body: Any) -> Any:
    return getattr(client, method)(f"{AT}{path}", body, content_type="application/json")


def begun_by(client: Client, wave: Wave, cast: Cast) -> dict[str, Any]:
    answer = send(client, "post", "", wave=str(wave.pk), community=str(cast.community.pk))
    assert answer.status_code == 201
    found: dict[str, Any] = answer.json()
    return found


def test_programs_write_by_the_same_services(scoped: Cast, sign_in: Any, wave: Wave) -> None:
    manager = sign_in(scoped.manager)
    whole = begun_by(manager, wave, scoped)
    assert (whole["stage"], whole["document"], whole["draft"]["items"][0]["value"]) == (
        "draft", None, 91.7,
    )  # fmt: skip
    one = f"{whole['id']}/"
    names = ("introduction", "items", "may_be_found", "lines", "quotes", "seen")
    words = {name: whole[name] for name in names} | {"title": "给业主的答复"}
    french = send(manager, "put", one, **words, translations={"fr": {"title": "Bonjour"}})
    assert french.status_code == 400
    english = {"en": {"title": "To our owners"}}
    written = send(manager, "put", one, **words, translations=english).json()
    assert written["draft"]["title"]["en"] == "To our owners"
    stale = send(manager, "put", one, **words)
    assert (stale.status_code, stale.json()["code"]) == (409, "changed_meanwhile")


def test_programs_approve_and_withdraw_by_the_same_services(
    scoped: Cast, sign_in: Any, wave: Wave
) -> None:
    manager, admin = sign_in(scoped.manager), sign_in(scoped.admin)
    whole = begun_by(manager, wave, scoped)
    one, seen = f"{whole['id']}/", whole["seen"]
    alone = send(manager, "post", f"{one}approve/", seen=seen)
    assert (alone.status_code, alone.json()["code"]) == (409, "four_eyes")
    public = send(admin, "post", f"{one}approve/", seen=seen).json()
    assert public["stage"] == "approved"
    assert public["document"] == {**public["draft"], "corrections": []}
    listed = manager.get(AT, {"stage": "approved"}).json()["results"]
    assert [each["id"] for each in listed] == [whole["id"]]
    assert manager.get(f"{AT}{one}").json()["document"] == public["document"]
    gone = send(admin, "post", f"{one}withdraw/", reason="数字有误").json()
    assert (gone["stage"], gone["withdrawn_reason"]) == ("withdrawn", "数字有误")
    assert sign_in(scoped.desk).get(AT).status_code == 403
