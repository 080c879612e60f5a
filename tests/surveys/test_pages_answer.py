"""The questionnaire as somebody fills it in who has the link."""

import io
import time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from surveys.models import Ballot, BallotPhoto, Invitation, Wave
from surveys.questionnaire import read
from surveys.services.answering import unfinished_of
from surveys.services.asking_form import laid_out
from surveys.services.inviting import secret_of
from surveys.services.wave import close_wave
from surveys.views.answer import WINDOW
from tenancy.scope import company_scope
from tenancy.services.exporting import rows_of
from tenancy.services.limiting import _Breaker, forget
from tests.factories.cast import Cast
from tests.surveys.asking import opened, survey_of

EVERYTHING: dict[str, Any] = {
    "sections": [
        {
            "title": "服务",
            "questions": [
                {"kind": "rating", "key": "lift", "text": "电梯？", "required": True},
                {"kind": "score", "key": "friend", "text": "会推荐吗？"},
                {
                    "kind": "single",
                    "key": "via",
                    "text": "怎么联系？",
                    "choices": [{"key": "phone", "text": "电话"}, {"key": "desk", "text": "前台"}],
                },
                {
                    "kind": "multiple",
                    "key": "wants",
                    "text": "想要什么？",
                    "shuffled": True,
                    "choices": [{"key": f"w{n}", "text": f"设施{n}"} for n in range(8)],
                },
                {
                    "kind": "matrix",
                    "key": "care",
                    "text": "各项服务",
                    "rows": [{"key": "clean", "text": "保洁"}, {"key": "safe", "text": "安全"}],
                },
                {
                    "kind": "ranking",
                    "key": "order",
                    "text": "哪项先做？",
                    "choices": [{"key": "green", "text": "绿化"}, {"key": "quiet", "text": "安静"}],
                },
                {
                    "kind": "text",
                    "key": "why",
                    "text": "电梯哪里不好？",
                    "required": True,
                    "conditions": [{"question": "lift", "test": "at_most", "amount": 2}],
                },
                {"kind": "number", "key": "years", "text": "住了几年？"},
                {"kind": "date", "key": "since", "text": "从哪天起？"},
                {"kind": "photo", "key": "look", "text": "拍一张"},
            ],
        }
    ],
    "translations": {"en": {"lift": "The lift?", "why": "What is wrong with the lift?"}},
}
SEEN = ["lift", "friend", "via", "wants", "care", "order", "years", "since", "look"]


@pytest.fixture
def wave(jinxiu: Cast) -> Wave:
    with company_scope(jinxiu.company.pk):
        survey = survey_of(jinxiu, document=EVERYTHING, language="zh-hans")
        return today(opened(jinxiu, survey))


@pytest.fixture(autouse=True)
def nobody_has_tried() -> None:
    """Wrong links are counted by address, and all tests have the same."""
    forget("survey:127.0.0.1", window=WINDOW)


def today(wave: Wave) -> Wave:
    """Open on whatever day the tests run."""
    Wave.objects.filter(pk=wave.pk).update(opens_on="2020-01-01", closes_on="2099-12-31")
    return wave


@pytest.fixture
def link(wave: Wave, jinxiu: Cast) -> str:
    with company_scope(jinxiu.company.pk):
        return f"/jinxiu/s/{secret_of(Invitation.objects.get(wave=wave))}/"


def enough(wave: Wave) -> None:
    """One answer of each building is enough, and a neighbour has given it."""
    Wave.objects.filter(pk=wave.pk).update(most_per_building=1)
    place = Invitation.objects.get(wave=wave).building
    Invitation.objects.create(wave=wave, building=place, secret_hash="x", is_used=True)


def photo(side: int = 1600, name: str = "IMG_0001.jpg") -> SimpleUploadedFile:
    out = io.BytesIO()
    picture = Image.effect_noise((side, side), 90).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "Nosy Phone"
    picture.save(out, "JPEG", exif=exif)
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def in_box(cast: Cast) -> tuple[int, int]:
    with company_scope(cast.company.pk):
        return Ballot.objects.count(), Invitation.objects.filter(is_used=True).count()


def test_form_shows_every_kind_and_leaves_no_trace(client: Client, link: str) -> None:
    page = client.get(link)
    html = page.content.decode()
    assert page.status_code == 200
    assert [html.count(f'data-kind="{kind}"') for kind in ("rating", "score", "photo")] == [1, 1, 1]
    # What depends on an answer is there for the script, and neither seen nor sent without it.
    assert 'data-question="why"' in html
    assert 'data-kind="text" data-conditions=' in html
    assert html.count(" hidden disabled") == 1
    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("no-referrer", "noindex, nofollow")
    assert page["Cache-Control"] == "private, no-store"
    assert dict(page.cookies) == {}
    assert "csrfmiddlewaretoken" not in html
    shown = html.split('data-question="wants"')[1].split("fieldset")[0]
    again = client.get(link).content.decode().split('data-question="wants"')[1].split("fieldset")[0]
    assert shown == again
    assert len(page.content) < 60_000


def test_answer_is_sent_once(client: Client, link: str, jinxiu: Cast) -> None:
    given = {
        "q-lift": "5", "q-friend": "9", "q-via": "desk", "q-wants": ["w1", "w2"],
        "q-care-clean": "4", "q-care-safe": "5", "q-order-green": "2", "q-order-quiet": "1",
        "q-years": "3.5", "q-since": "2020-02-29", "seen": SEEN, "act": "send",
    }  # fmt: skip
    sent = client.post(link, given)
    assert (sent.status_code, sent["Location"]) == (302, f"{link}?sent")
    assert (
        "Thank you"
        in client.get(f"{link}?sent", headers={"Accept-Language": "en"}).content.decode()
    )
    assert in_box(jinxiu) == (1, 1)
    again = client.post(link, given)
    assert again.status_code == 409
    assert client.get(link).status_code == 200
    assert in_box(jinxiu) == (1, 1)


def test_all_faults_stand_at_their_questions_and_nothing_is_lost(
    client: Client, link: str, jinxiu: Cast
) -> None:
    page = client.post(
        link,
        {"q-years": "viele", "q-since": "gestern", "q-order-green": "1", "q-order-quiet": "1",
         "q-care-safe": "2", "q-wants": "w3", "seen": SEEN},
        headers={"Accept-Language": "en"},
    )  # fmt: skip
    html = page.content.decode()
    assert page.status_code == 422
    assert html.count('class="errorlist"') == 4
    assert "4 questions need another look" in html
    assert 'value="viele"' in html
    assert 'value="gestern"' in html
    assert html.count("checked") == html.count('value="2" checked') + html.count(
        'value="w3" checked'
    ) + html.count('value="" checked')
    assert html.count(' value="1" selected') == 2
    assert in_box(jinxiu) == (0, 0)


def test_question_that_depends_on_another_appears_without_a_script(
    client: Client, link: str, jinxiu: Cast
) -> None:
    page = client.post(link, {"q-lift": "1", "seen": SEEN}, headers={"Accept-Language": "en"})
    html = page.content.decode()
    assert page.status_code == 200
    assert "lead to 1 more question" in html
    assert '<a href="#q-why">What is wrong with the lift?</a>' in html
    assert "What is wrong with the lift?" in html
    assert " hidden disabled" not in html
    assert in_box(jinxiu) == (0, 0)
    seen = [*SEEN, "why"]
    said = {"q-lift": "1", "q-why": "😡<script>alert(1)</script>", "seen": seen}
    assert client.post(link, said).status_code == 302
    assert in_box(jinxiu) == (1, 1)


def test_nothing_is_chosen_for_anybody(client: Client, link: str, jinxiu: Cast) -> None:
    html = client.get(link, headers={"Accept-Language": "en"}).content.decode()
    assert html.count("I cannot say") == 4  # score, single, and both rows of the matrix
    assert " checked" not in html
    client.post(link, {"q-lift": "3", "seen": SEEN})
    assert in_box(jinxiu) == (1, 1)


def test_other_stays_at_the_end_of_what_is_shuffled() -> None:
    def shown(end: str, **words: str) -> set[str]:
        choices = [{"key": f"w{n}", "text": f"设施{n}"} for n in range(8)]
        asked = {
            "kind": "multiple", "key": "wants", "text": "要？", "shuffled": True,
            "choices": [*choices, {"key": "end", "text": end}],
        }  # fmt: skip
        document = {
            "sections": [{"title": "服务", "questions": [asked]}],
            "translations": {code: {"wants.end": text} for code, text in words.items()},
        }
        parts = [laid_out(read(document), {}, seed=str(seed)) for seed in range(20)]
        return {part[0].questions[0].options[-1].key for part in parts}

    assert shown("其他，请注明") == shown("其它") == shown("Other reasons") == {"end"}
    assert shown("别的", en="Other") == {"end"}
    assert len(shown("泳池")) > 1


def test_what_is_said_about_the_box_stays_true(
    client: Client, link: str, wave: Wave, jinxiu: Cast
) -> None:
    english = {"Accept-Language": "en"}
    assert "after the last day" not in client.get(link, headers=english).content.decode()
    client.post(link, {"q-lift": "4", "seen": SEEN})
    sent = client.get(f"{link}?sent", headers=english).content.decode()
    assert "only after the survey has closed" in sent
    assert (
        "somebody else has answered with it" in client.get(link, headers=english).content.decode()
    )
    # Closed before its day: whoever comes late is told no period that their slip contradicts.
    with company_scope(jinxiu.company.pk):
        Invitation.objects.update(is_used=False)
        close_wave(wave=wave, by=jinxiu.actor("manager"), now=timezone.now())
    late = client.get(link, headers=english).content.decode()
    assert ("It closed on" in late, "a later day" in late) == (True, True)
    assert "could be answered from" not in late


def test_what_is_saved_for_later_is_there_again(client: Client, link: str, jinxiu: Cast) -> None:
    text = "😀</textarea><script>alert(1)</script>"
    kept = client.post(link, {"q-lift": "2", "q-why": text, "act": "keep", "from": "portal"})
    assert kept["Location"] == f"{link}?kept&from=portal"
    html = client.get(kept["Location"]).content.decode()
    assert "😀&lt;/textarea&gt;&lt;script&gt;" in html
    assert 'name="from" value="portal"' in html
    assert client.post(link, {"q-lift": "3", "act": "autosave"}).status_code == 204
    with company_scope(jinxiu.company.pk):
        holder = client.cookies["survey-begun"].value
        assert unfinished_of(Invitation.objects.get(), holder) == {"lift": "3"}


def test_what_was_begun_is_read_in_no_other_browser(
    client: Client, link: str, jinxiu: Cast
) -> None:
    """Whoever prints slips has the link of each home: what is not sent yet is not theirs."""
    kept = client.post(link, {"q-lift": "2", "q-why": "秘密", "q-look": photo(64), "act": "keep"})
    cookie = kept.cookies["survey-begun"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (link, True, "Lax")
    assert client.get(f"{link}photo/look/").status_code == 200
    clerk = Client()
    page = clerk.get(link)
    html = page.content.decode()
    assert (page.status_code, "秘密" in html, "data-photo-kept" in html) == (200, False, False)
    assert clerk.get(f"{link}photo/look/").status_code == 404
    with company_scope(jinxiu.company.pk):
        for model in (Invitation, BallotPhoto):
            (line,) = rows_of(model, personal=True)
            assert not {"unfinished", "sealed"} & line.keys()
    # Whoever only looks, in another language perhaps, takes nothing away.
    assert clerk.post(link, {"act": "language:en"}).status_code == 302
    assert clerk.post(link, {"act": "autosave"}).status_code == 204
    assert "秘密" in client.get(link).content.decode()
    # Whoever fills it in elsewhere begins anew, and sends nothing of anybody else's.
    assert clerk.post(link, {"q-lift": "5", "seen": SEEN, "act": "send"}).status_code == 302
    with company_scope(jinxiu.company.pk):
        assert (Ballot.objects.count(), BallotPhoto.objects.count()) == (1, 0)


def test_browser_forgets_what_was_sent(client: Client, link: str, jinxiu: Cast) -> None:
    client.post(link, {"q-lift": "2", "act": "keep"})
    sent = client.post(link, {"q-lift": "5", "seen": SEEN, "act": "send"})
    cookie = sent.cookies["survey-begun"]
    assert (cookie.value, cookie["max-age"], cookie["path"]) == ("", 0, link)
    assert in_box(jinxiu) == (1, 1)


def test_language_and_large_print_lose_nothing(client: Client, link: str) -> None:
    page = client.post(link, {"q-years": "7", "act": "language:en"}, follow=True)
    assert "The lift?" in page.content.decode()
    assert 'value="7"' in page.content.decode()
    page = client.post(link, {"q-years": "7", "act": "print:large"}, follow=True)
    assert 'data-print="large"' in page.content.decode()
    page = client.post(link, {"q-years": "7", "act": "print:normal"}, follow=True)
    assert 'data-print="normal"' in page.content.decode()
    assert client.post(link, {"act": "language:xx"}).status_code == 302


def test_closed_early_and_unknown_links_say_so(
    client: Client, link: str, wave: Wave, jinxiu: Cast, heyue: Cast
) -> None:
    nothing = client.get("/jinxiu/s/aaaaaaaaaaaaaaaa/", headers={"Accept-Language": "en"})
    assert nothing.status_code == 404
    assert "No survey here" in nothing.content.decode()
    assert client.get(link.replace("jinxiu", "heyue")).status_code == 404
    with company_scope(jinxiu.company.pk):
        Wave.objects.filter(pk=wave.pk).update(opens_on="2099-01-01")
    assert "Not open yet" in client.get(link, headers={"Accept-Language": "en"}).content.decode()
    assert client.post(link, {"q-lift": "5", "seen": SEEN}).status_code == 409
    with company_scope(jinxiu.company.pk):
        Wave.objects.filter(pk=wave.pk).update(opens_on="2020-01-01", closes_on="2020-01-02")
    assert "is over" in client.get(link, headers={"Accept-Language": "en"}).content.decode()
    assert in_box(jinxiu) == (0, 0)


def test_whoever_tries_many_wrong_links_is_told_to_stop(client: Client, link: str) -> None:
    statuses = [client.get(f"/jinxiu/s/wrong{n}/").status_code for n in range(32)]
    assert (statuses[0], statuses[-1]) == (404, 429)
    assert client.get(link).status_code == 200


def test_three_hundred_questions_come_and_go_in_one_form(client: Client, jinxiu: Cast) -> None:
    many = [{"kind": "text", "key": f"t{n}", "text": f"第{n}题"} for n in range(300)]
    document = {"sections": [{"title": "很多", "questions": many}]}
    with company_scope(jinxiu.company.pk):
        wave = today(opened(jinxiu, survey_of(jinxiu, document=document, title="三百题")))
        address = f"/jinxiu/s/{secret_of(Invitation.objects.get(wave=wave))}/"
    assert 'enctype="multipart/form-data"' in client.get(address).content.decode()
    given = {f"q-t{n}": "好" * 500 for n in range(300)}
    sent = client.post(address, {**given, "seen": [f"t{n}" for n in range(300)]})
    assert sent.status_code == 302
    assert in_box(jinxiu) == (1, 1)


def test_more_than_can_be_kept_is_said_and_shown(client: Client, link: str) -> None:
    page = client.post(
        link,
        {"q-years": "7", "q-why": "x" * 200_001, "act": "keep"},
        headers={"Accept-Language": "en"},
    )
    assert page.status_code == 422
    assert "at most 200000 characters" in page.content.decode()
    assert 'value="7"' in page.content.decode()


def test_building_with_enough_answers_is_thanked(
    client: Client, link: str, wave: Wave, jinxiu: Cast
) -> None:
    with company_scope(jinxiu.company.pk):
        enough(wave)
    said = {"q-lift": "5", "seen": SEEN}
    for page in (client.get(link), client.post(link, said)):
        assert "answer-state" in page.content.decode()
    assert (page.status_code, in_box(jinxiu)) == (409, (0, 1))


def test_wrong_links_are_wrong_while_nobody_can_count(
    client: Client, jinxiu: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_Breaker, "down_until", time.time() + 60)
    for place in ("", "photo/look/"):
        assert client.get(f"/jinxiu/s/wrong/{place}").status_code == 404
    assert client.post("/jinxiu/s/wrong/").status_code == 404


def test_ranking_that_came_as_a_list_is_shown_with_its_places() -> None:
    for given, places in ((["quiet", "green"], ["2", "1"]), ("odd", ["", ""])):
        (part,) = laid_out(read(EVERYTHING), {"order": given})
        (order,) = (each for each in part.questions if each.question.key == "order")
        assert [each.place for each in order.options] == places
