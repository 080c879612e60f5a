"""A company's export tells of answers what results tell, and no more."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.urls import reverse

from notifications.models import Kind
from notifications.services.telling import Telling, tell_many
from owners.models import Owner
from surveys.models import (
    Invitation,
    PublicationQuote,
    Response,
    ResponseMark,
    Tally,
    TextCode,
    Wave,
    Way,
)
from surveys.services.answering import answer
from surveys.services.cells import WHOLE
from surveys.services.coding import code_texts, text_questions, texts_of
from surveys.services.letters import write_invitations
from surveys.services.reminding import remind
from surveys.services.tallying import tally
from tenancy.models import CompanyModel
from tenancy.services.exporting import archive, may_leave, tables
from tests.factories.cast import TUESDAY, Cast
from tests.surveys.asking import TODAY, counted, opened, secrets_of, street, survey_of
from tests.surveys.test_anonymity import counted_wave

# Of every model of this room: whether its rows leave. A new one has to be put to one of them.
LEAVE = {
    "BankQuestion", "Edition", "Improvement", "IndexFigure", "IndexReport", "IndexWeights",
    "Invitation", "Publication", "PublicationLine", "PublicationQuote", "Survey", "Tally", "Wave",
    "WaveCommunity", "WavePart", "WaveStratum",
}  # fmt: skip
STAY = {
    "Ballot", "BallotPhoto", "Interview", "Response", "ResponseMark", "ResponsePhoto", "TextCode",
}  # fmt: skip


def exported(cast: Cast) -> dict[str, list[dict[str, Any]]]:
    """Every table of the export, with whatever is personal."""
    whole = b"".join(archive(company=cast.company, personal=True, now=TUESDAY))
    with zipfile.ZipFile(io.BytesIO(whole)) as found:
        return {
            name.removeprefix("tables/").removesuffix(".jsonl"): [
                json.loads(line) for line in found.read(name).splitlines()
            ]
            for name in found.namelist()
            if name.startswith("tables/")
        }


def test_every_model_of_the_room_leaves_or_stays() -> None:
    models: dict[str, Any] = {
        model.__name__: model for model in apps.get_app_config("surveys").get_models()
    }
    assert set(models) == LEAVE | STAY
    assert {name for name, model in models.items() if model.is_exported} == LEAVE


def test_nothing_that_leaves_points_to_what_stays() -> None:
    stay = {model for model in apps.get_models() if not getattr(model, "is_exported", True)}
    assert stay
    for model in tables():
        assert issubclass(model, CompanyModel)
        for field in model._meta.concrete_fields:
            assert not (may_leave(field, True) and field.related_model in stay)
    assert not may_leave(PublicationQuote._meta.get_field("mark"), True)


def test_export_tells_what_results_tell(scoped: Cast, sign_in: Any) -> None:
    """Of every place the same counts, and the same words with neither place nor person."""
    wave = counted_wave(scoped)
    texts = texts_of(wave, WHOLE, ["why", "words"])
    some = [row.pk for row in texts.filter(question="words")[:3]]
    code_texts(
        wave=wave, texts=texts, ids=some, category=scoped.lift, by=scoped.actor("manager"),
        now=TUESDAY,
    )  # fmt: skip
    found = exported(scoped)
    kept = {
        str(row.pk) for model in (Response, ResponseMark, TextCode) for row in model.objects.all()
    }
    assert kept
    everything = json.dumps(found, ensure_ascii=False)
    assert not [each for each in kept if each in everything]
    told = {str(pk) for pk in Tally.objects.values_list("pk", flat=True)}
    assert {row["id"] for row in found["surveys.tally"]} == told
    words = found["surveys.words"]
    assert {tuple(row) for row in words} == {("wave_id", "question", "text", "categories")}
    assert sum(row["categories"] == [str(scoped.lift.pk)] for row in words) == 3
    client = sign_in(scoped.manager)
    read, page = [], reverse("wave-texts", args=["jinxiu", wave.pk])
    while page:
        answered = client.get(page).json()
        read += [(each["question"], each["text"]) for each in answered["results"]]
        page = answered["next"]
    assert [(row["question"], row["text"]) for row in words] == read
    assert len({question for question, _text in read}) == 2


def test_words_of_a_question_that_four_answered_stay(scoped: Cast) -> None:
    document = {
        "sections": [{"title": "s", "questions": [
            {"kind": "rating", "text": "满意？", "key": "speed", "required": True},
            {"kind": "text", "text": "为什么？", "key": "why"},
            {"kind": "text", "text": "还有？", "key": "more"},
        ]}]
    }  # fmt: skip
    street(scoped, "8栋", 8)
    wave = opened(scoped, survey_of(scoped, document=document))
    for number, secret in enumerate(secrets_of(wave)[:8]):
        given = {"speed": 3, "why": f"因为{number}", **({"more": "秘密"} if number < 4 else {})}
        answer(secret=secret, given=given, way=Way.LINK, today=TODAY)
    assert (exported(scoped)["surveys.words"], "surveys.ballot" in exported(scoped)) == ([], False)
    counted(scoped, wave)
    # Counted, and what may be told is not worked out yet.
    assert exported(scoped)["surveys.words"] == []
    wave.refresh_from_db()
    tally(wave=wave)
    assert [each.key for each in text_questions(wave, WHOLE)] == ["why"]
    everything = exported(scoped)
    assert len(everything["surveys.words"]) == 8
    assert "秘密" not in json.dumps(everything, ensure_ascii=False)


def test_who_has_answered_does_not_leave(scoped: Cast) -> None:
    wave = opened(scoped)
    (secret,) = secrets_of(wave)
    before = exported(scoped)
    answer(secret=secret, given={"speed": 4}, way=Way.LINK, today=TODAY)
    assert Invitation.objects.get().is_used
    after = exported(scoped)
    assert len(after["surveys.invitation"]) == 1
    assert [name for name in after if after[name] != before[name]] == ["surveys.edition"]


def test_who_was_reminded_does_not_leave(scoped: Cast) -> None:
    """Whom no reminder was written to has answered."""
    street(scoped, "8栋", 3)
    Owner.objects.exclude(pk=scoped.resident.pk).update(email="x@example.com")
    wave = opened(scoped)
    write_invitations(wave=wave, now=TUESDAY)
    answer(secret=secrets_of(wave)[0], given={"speed": 4}, way=Way.LINK, today=TODAY)
    monday = TUESDAY + timedelta(days=6)
    assert remind(wave=Wave.objects.get(), today=monday.date(), now=monday) == 3
    other = next(each for each in Kind if each != Kind.SURVEY)
    tell_many([Telling((scoped.desk.pk,), other, "Hello", "/", "hello")], TUESDAY)
    everything = exported(scoped)
    assert [row["dedupe_key"] for row in everything["notifications.notification"]] == ["hello"]
    assert everything["notifications.mailing"] == []
    assert str(wave.pk) not in json.dumps(everything["notifications.delivery"])
    kept = {row["notification_id"] for row in everything["notifications.delivery"]}
    assert kept <= {row["id"] for row in everything["notifications.notification"]}
