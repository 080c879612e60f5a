"""Whoever writes a survey is never left where there is no way on."""

from typing import Any

from django.test import Client
from django.urls import reverse

from surveys.models import Survey
from tenancy.scope import company_scope
from tests.conftest import SignIn
from tests.factories.cast import Cast
from tests.surveys.asking import survey_of

HTMX = {"HX-Request": "true"}


def made(cast: Cast, **more: Any) -> Survey:
    with company_scope(cast.company.pk):
        return survey_of(cast, **more)


def url(cast: Cast, name: str, survey: Survey) -> str:
    return reverse(f"surveys:{name}", args=[cast.company.slug, survey.pk])


def page_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_question_on_a_page_of_its_own_leads_back(jinxiu: Cast, sign_in: SignIn) -> None:
    client, survey = sign_in(jinxiu.manager), made(jinxiu)
    here = url(jinxiu, "question_add", survey)
    builder = url(jinxiu, "survey_questions", survey)
    alone = {**HTMX, "HX-Current-URL": f"http://testserver{here}?section=s1"}
    inside = {**HTMX, "HX-Current-URL": f"http://testserver{builder}#part-speed"}
    sent = {"kind": "text", "text": "还有什么？", "section": "s1"}

    wrong = client.post(here, {**sent, "text": ""}, headers=alone)
    assert (wrong.status_code, "data-builder-closes" in wrong.content.decode()) == (422, False)
    saved = client.post(here, sent, headers=alone)
    assert (saved["HX-Redirect"].partition("#")[0], "HX-Retarget" in saved) == (builder, False)
    assert "data-builder-closes" not in page_of(client, here)

    wrong = client.post(here, {**sent, "text": ""}, headers=inside)
    assert (wrong.status_code, "data-builder-closes" in wrong.content.decode()) == (422, True)
    saved = client.post(here, sent, headers=inside)
    assert (saved["HX-Retarget"], "HX-Redirect" in saved) == ("#builder", False)


def test_template_proposes_a_title_that_is_free(jinxiu: Cast, sign_in: SignIn) -> None:
    client = sign_in(jinxiu.manager)
    page = reverse("surveys:survey_add", args=[jinxiu.company.slug]) + "?template=pulse"
    first = client.get(page).context["form"].initial["title"]
    for number in ("", " 2"):
        made(jinxiu, title=f"{first}{number}")
    assert client.get(page).context["form"].initial["title"] == f"{first} 3"


def test_wave_of_an_unfinished_questionnaire_shows_the_way_to_it(
    jinxiu: Cast, sign_in: SignIn
) -> None:
    client, survey = sign_in(jinxiu.manager), made(jinxiu)
    page, way = url(jinxiu, "wave_add", survey), url(jinxiu, "survey_questions", survey)
    assert way not in page_of(client, page)
    client.post(
        url(jinxiu, "question_add", survey), {"kind": "single", "text": "选哪个？", "section": "s1"}
    )
    assert way in page_of(client, page)
