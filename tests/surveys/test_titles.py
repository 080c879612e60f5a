"""What a survey is called in the languages of those who are asked."""

import io
import zipfile
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from surveys.models import Invitation, Publication, Survey, Wave
from surveys.services.inviting import secret_of
from surveys.services.publishing_words import titles
from surveys.services.survey import change_survey, company_language
from surveys.services.templates import template
from surveys.services.titles import LONGEST, TitleTooLong, UnknownLanguage, title_in, titles_of
from surveys.services.words import read_table, table_of, to_translate
from tenancy.scope import company_scope
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast
from tests.surveys.asking import DOCUMENT, opened, survey_of
from tests.surveys.publishing import approved, drafted, street, wave_of
from tests.surveys.test_builder import made, page_of, url

NAMED = {"title": "满意度调查", "titles": {"en": "How content are you?"}, "language": "zh-hans"}


def change(cast: Cast, survey: Survey, **facts: Any) -> Survey:
    with company_scope(cast.company.pk):
        return change_survey(survey=survey, **facts, by=cast.actor("manager"), now=TUESDAY)


def read_again(cast: Cast, survey: Survey) -> Survey:
    with company_scope(cast.company.pk):
        found: Survey = Survey.objects.get(pk=survey.pk)
        return found


def test_a_title_is_read_in_the_language_of_its_reader(jinxiu: Cast) -> None:
    survey = made(jinxiu, **NAMED)
    assert title_in(survey, "en") == "How content are you?"
    assert title_in(survey, "zh-hans") == "满意度调查"
    assert title_in(survey, "zh-hant") == "满意度调查"  # as the questions: nobody has translated it
    survey = change(jinxiu, survey, titles={"zh-hant": "滿意度調查"})
    assert titles_of(survey) == {"en": "How content are you?", "zh-hant": "滿意度調查"}
    assert title_in(survey, "zh-hant") == "滿意度調查"
    # In Chinese of either writing nobody is left with English.
    english = made(jinxiu, title="Content?", titles={"zh-hans": "满意吗？"}, language="en")
    assert title_in(english, "zh-hant") == "满意吗？"
    assert titles(english) == {"en": "Content?", "zh-hans": "满意吗？", "zh-hant": "滿意嗎？"}


def test_a_title_written_otherwise_is_read_as_it_is_written(jinxiu: Cast) -> None:
    survey = change(jinxiu, made(jinxiu, **NAMED), title="物业服务调查")
    assert (title_in(survey, "en"), titles_of(survey)) == ("物业服务调查", {})
    # Called as before, it is translated as before.
    survey = change(jinxiu, survey, title="满意度调查")
    assert title_in(survey, "en") == "How content are you?"
    # Both at once belong to each other, and an empty one is taken away.
    survey = change(jinxiu, survey, title="新", titles={"en": "New"})
    assert title_in(survey, "en") == "New"
    assert change(jinxiu, survey, titles={"en": ""}).titles == {}


def test_a_title_is_refused_in_languages_nobody_speaks(jinxiu: Cast) -> None:
    survey = made(jinxiu, **NAMED)
    for words in ({"fr": "Content?"}, {"zh-hans": "自己"}):
        with pytest.raises(UnknownLanguage):
            change(jinxiu, survey, titles=words)
    with pytest.raises(TitleTooLong):
        change(jinxiu, survey, titles={"en": "x" * (LONGEST + 1)})
    assert read_again(jinxiu, survey).titles == survey.titles


def test_a_title_is_translated_beside_the_questions(jinxiu: Cast, sign_in: SignIn) -> None:
    survey, client = made(jinxiu, **NAMED), sign_in(jinxiu.manager)
    address = url(jinxiu, "survey_words", survey) + "?language=en"
    assert "How content are you?" in page_of(client, address)
    change(jinxiu, survey, title="物业服务调查")
    assert "1 to look over" in page_of(client, address)
    words = {"w-:title": "How content are you?", "w-s1": "Service"}
    client.post(address, words)
    assert titles_of(read_again(jinxiu, survey)) == {}
    client.post(address, {**words, "right-:title": "on"})
    assert titles_of(read_again(jinxiu, survey)) == {"en": "How content are you?"}
    client.post(address, {**words, "w-:title": "Our service"})
    assert titles_of(read_again(jinxiu, survey)) == {"en": "Our service"}
    refused = client.post(address, {**words, "w-:title": "x" * (LONGEST + 1)})
    assert refused.status_code == 422
    client.post(url(jinxiu, "words_propose", survey) + "?language=zh-hant")
    assert titles_of(read_again(jinxiu, survey))["zh-hant"] == "物業服務調查"
    # Questions that are frozen keep no title from being translated, and get no edition for it.
    with company_scope(jinxiu.company.pk):
        assert survey.editions.count() == 1


def test_a_title_goes_out_and_comes_back_in_the_table(jinxiu: Cast) -> None:
    survey = made(jinxiu, **NAMED)
    with company_scope(jinxiu.company.pk):
        asked = to_translate(survey)
    table = table_of(asked, "en")
    assert ":title,满意度调查,How content are you?" in table
    anew = table.replace("How content are you?", "Content?").encode()
    assert read_table(anew, asked) == ({":title": "Content?"}, 0)
    renamed = table.replace("满意度调查", "服务调查").encode()
    assert read_table(renamed, asked) == ({}, 1)
    long = table.replace("How content are you?", "x" * (LONGEST + 1)).encode()
    assert read_table(long, asked) == ({}, 1)


def test_whoever_is_asked_reads_the_title_in_their_language(
    jinxiu: Cast, sign_in: SignIn, client: Client
) -> None:
    survey = made(jinxiu, **NAMED)
    with company_scope(jinxiu.company.pk):
        wave = opened(jinxiu, survey)
        Wave.objects.update(opens_on="2020-01-01", closes_on="2099-12-31")
        secret = secret_of(Invitation.objects.get(wave=wave))
    owner = sign_in(jinxiu.owner)
    for language, title in (("en", "How content are you?"), ("zh-hans", "满意度调查")):
        for each in (client, owner):
            each.cookies.load({settings.LANGUAGE_COOKIE_NAME: language})
        assert title in page_of(client, f"/jinxiu/s/{secret}/")
        assert title in page_of(owner, "/jinxiu/surveys/mine/")
        waiting = owner.get("/jinxiu/api/v1/surveys/mine/", headers={"Accept-Language": language})
        assert [each["survey"] for each in waiting.json()] == [title]
    preview = url(jinxiu, "survey_preview", survey) + "?language=en"
    assert "How content are you?" in page_of(sign_in(jinxiu.manager), preview)


def test_results_and_what_is_published_bear_the_title_of_the_reader(
    jinxiu: Cast, sign_in: SignIn, client: Client
) -> None:
    survey = made(jinxiu, **NAMED)
    with company_scope(jinxiu.company.pk):
        street(jinxiu, "5栋", 6)
        wave = wave_of(jinxiu, survey, [5, 5, 4, 4, 3, 3])
        row = approved(jinxiu, drafted(jinxiu, wave))
    manager = sign_in(jinxiu.manager)
    at = ["jinxiu", wave.pk]
    for language, title in (("en", "How content are you?"), ("zh-hans", "满意度调查")):
        page = page_of(client, f"/jinxiu/said/{row.pk}/?in={language}")
        assert title in page
        assert title in page_of(client, f"/jinxiu/said/?in={language}")
        manager.cookies.load({settings.LANGUAGE_COOKIE_NAME: language})
        assert f"<h1>{title}</h1>" in page_of(
            manager, reverse("surveys:wave_presentation", args=at)
        )
        made_of = zipfile.ZipFile(
            io.BytesIO(manager.get(reverse("surveys:wave_workbook", args=at)).content)
        )
        assert title in made_of.read("xl/worksheets/sheet1.xml").decode()


def test_what_was_published_under_one_title_is_still_read(jinxiu: Cast, client: Client) -> None:
    """Readers know every version there ever was; the first bore the title as it was written."""
    with company_scope(jinxiu.company.pk):
        street(jinxiu, "5栋", 6)
        wave = wave_of(jinxiu, survey_of(jinxiu), [5, 5, 4, 4, 3, 3])
        row = approved(jinxiu, drafted(jinxiu, wave))
        document = {**(row.document or {}), "version": 1, "survey": "旧题目"}
        Publication.objects.filter(pk=row.pk).update(document=document)
    for address in ("/jinxiu/said/", f"/jinxiu/said/{row.pk}/"):
        assert "旧题目" in page_of(client, f"{address}?in=en")


def test_templates_are_called_in_every_language(jinxiu: Cast, sign_in: SignIn) -> None:
    with company_scope(jinxiu.company.pk):
        own = company_language()
    kept = template("satisfaction", own)
    assert set(kept.titles) == {"zh-hans", "zh-hant", "en"} - {own}
    assert kept.titles_for(f"{kept.title} 2")["zh-hant"] == f"{kept.titles['zh-hant']} 2"
    assert kept.titles_for("别的") == kept.titles_for(f"{kept.title}二") == {}
    client = sign_in(jinxiu.manager)
    facts = {"audience": "owners", "one_per": "household"}
    address = url(jinxiu, "survey_add") + "?template=satisfaction"
    for title in (kept.title, f"{kept.title} 2", "别的"):
        client.post(address, {"title": title, **facts})
    with company_scope(jinxiu.company.pk):
        found = [title_in(each, "zh-hant") for each in Survey.objects.order_by("id")]
    assert found == [kept.titles["zh-hant"], f"{kept.titles['zh-hant']} 2", "别的"]


def test_the_api_names_a_survey_in_other_languages(jinxiu: Cast, sign_in: SignIn) -> None:
    client = sign_in(jinxiu.manager)
    kinds: dict[str, Any] = {"content_type": "application/json"}
    sent = {"title": "甲", "titles": {"en": "A"}, "document": DOCUMENT, "language": "zh-hans"}
    answer = client.post("/jinxiu/api/v1/surveys/", sent, **kinds)
    assert answer.json()["titles"] == {"en": {"of": "甲", "text": "A"}}
    one = f"/jinxiu/api/v1/surveys/{answer.json()['id']}/"
    answer = client.patch(one, {"title": "乙"}, **kinds)
    assert answer.json()["titles"] == {"en": {"of": "甲", "text": "A"}}
    answer = client.patch(one, {"titles": {"en": "B"}}, **kinds)
    assert answer.json()["titles"] == {"en": {"of": "乙", "text": "B"}}
    refused = client.patch(one, {"titles": {"fr": "B"}}, **kinds)
    assert (refused.status_code, refused.json()["code"]) == (409, "unknown_language")
    for wrong in ("x", {"en": 3 * "x" * LONGEST}, {"en": None}, ["en"]):
        assert client.patch(one, {"titles": wrong}, **kinds).status_code == 400
    made_of = client.post(
        "/jinxiu/api/v1/surveys/", {"title": "满意度调查", "template": "satisfaction"}, **kinds
    )
    assert made_of.status_code == 201
