"""The surveys that wait for whoever signs in."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from owners.models import Ownership, Unit
from surveys.models import Audience, Invitation, OnePer, ResponsePhoto
from surveys.services.asking_here import waiting_for
from surveys.services.inviting import secret_of
from tenancy.scope import company_scope
from tenancy.templatetags.fragments import fragment
from tests.conftest import SignIn
from tests.factories.cast import Cast
from tests.surveys.asking import TODAY, opened, says, street, survey_of
from tests.surveys.test_pages_answer import today


def homes(cast: Cast, more: int) -> None:
    """So many homes more that the resident owns."""
    place = street(cast, "5栋", 0)
    for number in range(more):
        unit = Unit.objects.create(
            building=place, community=cast.community, number=str(number), label=f"5栋{number}"
        )
        Ownership.objects.create(owner=cast.resident, unit=unit)


def test_every_home_and_person_is_asked_in_one_query(scoped: Cast) -> None:
    homes(scoped, 2)
    street(scoped, "8栋", 3)
    household = opened(scoped)
    person = opened(scoped, survey_of(scoped, title="每人", one_per=OnePer.PERSON))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = waiting_for(scoped.owner, TODAY)
    assert len(queries) == 1
    assert sorted(each.wave_id for each in found) == sorted([household.pk] * 3 + [person.pk])
    says(secret_of(found[0]))
    assert len(waiting_for(scoped.owner, TODAY)) == 3
    assert waiting_for(scoped.desk, TODAY) == []


def test_staff_are_asked_themselves(scoped: Cast) -> None:
    survey = survey_of(scoped, title="员工", audience=Audience.STAFF, one_per=OnePer.PERSON)
    wave = opened(scoped, survey)
    (mine,) = waiting_for(scoped.desk, TODAY)
    assert (mine.wave_id, mine.membership_id) == (wave.pk, scoped.desk.pk)


def test_card_leads_to_the_form_without_showing_the_link(jinxiu: Cast, sign_in: SignIn) -> None:
    with company_scope(jinxiu.company.pk):
        wave = today(opened(jinxiu))
        invitation = Invitation.objects.get(wave=wave)
        secret = secret_of(invitation)
    owner = sign_in(jinxiu.owner)
    address = f"/jinxiu/surveys/mine/{invitation.pk}/"
    for page in ("/jinxiu/surveys/mine/", "/jinxiu/surveys/mine/card/"):
        html = owner.get(page).content.decode()
        assert address in html
        assert secret not in html
    sent_on = owner.get(address)
    assert sent_on["Location"] == f"/jinxiu/s/{secret}/?from=portal"
    assert 'name="from" value="portal"' in owner.get(sent_on["Location"]).content.decode()
    assert sign_in(jinxiu.admin).get(address).status_code == 404
    assert sign_in(jinxiu.admin).get("/jinxiu/surveys/mine/card/").content.strip() == b""
    for page in ("/jinxiu/my/", "/jinxiu/inbox/"):
        assert address in owner.get(page).content.decode()
    assert fragment({"request": None, "company": jinxiu.company}, "nowhere:card") == ""
    assert "/jinxiu/surveys/mine/" in owner.get("/jinxiu/me/").content.decode()


def test_whoever_has_two_homes_is_told_which_one_it_is_and_nobody_else_is(
    jinxiu: Cast, sign_in: SignIn, client: Client
) -> None:
    with company_scope(jinxiu.company.pk):
        homes(jinxiu, 1)
        wave = today(opened(jinxiu))
        first, second = Invitation.objects.filter(wave=wave).select_related("unit")
        label, secret = first.unit.label, secret_of(first)
    public = f"/jinxiu/s/{secret}/"
    mine, other = f"{public}?from=portal", f"/jinxiu/surveys/mine/{second.pk}/"
    owner = sign_in(jinxiu.owner)
    assert label in owner.get(mine).content.decode()
    said = {"q-speed": "4", "seen": ["speed", "words"], "from": "portal"}
    strangers = (client.get(mine), sign_in(jinxiu.desk).get(mine), owner.get(public))
    assert not any(label in each.content.decode() for each in strangers)
    there = owner.post(public, said)["Location"]
    thanks = owner.get(there).content.decode()
    assert (label in thanks, other in thanks) == (True, True)
    strangers = (client.get(there), sign_in(jinxiu.desk).get(there), owner.get(f"{public}?sent"))
    for each in strangers:
        html = each.content.decode()
        assert (label in html, other in html) == (False, False)


def test_photo_of_an_answer_is_for_whoever_reads_all_results(jinxiu: Cast, sign_in: SignIn) -> None:
    with company_scope(jinxiu.company.pk):
        wave = opened(jinxiu)
        photo = ResponsePhoto.objects.create(wave=wave, question="look", content=b"RIFF")
        limited = jinxiu.members["supervisor"]
        limited.all_communities = False
        limited.save(update_fields=["all_communities"])
    address = f"/jinxiu/surveys/photos/{photo.pk}/"
    seen = sign_in(jinxiu.manager).get(address)
    assert (seen.content, seen["Content-Type"]) == (b"RIFF", "image/webp")
    assert sign_in(jinxiu.desk).get(address).status_code == 403
    assert sign_in(limited).get(address).status_code == 404
