"""What was filled in on paper: one sheet, or a table of many."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from surveys.forms.paper import MOST_BYTES
from surveys.models import Ballot, Invitation, Wave
from surveys.services.answering import NoSuchInvitation, questionnaire_of
from surveys.services.inviting import secret_of
from surveys.services.paper import (
    MOST_LINES,
    ColumnTwice,
    Line,
    TooManyLines,
    UnreadableTable,
    check_lines,
    check_table,
    enter_paper,
    enter_table,
    heads_of,
    plain_code,
    read_table,
)
from tenancy.scope import company_scope
from tests.conftest import SignIn
from tests.factories.cast import Cast
from tests.surveys.asking import BEHIND_A_PHOTO, TODAY, opened, says, secrets_of, street, survey_of
from tests.surveys.test_pages_answer import EVERYTHING, enough, today


def everything(cast: Cast, homes: int = 0) -> Wave:
    if homes:
        street(cast, "8栋", homes)
    return opened(cast, survey_of(cast, document=EVERYTHING))


def test_code_is_read_as_people_copy_it() -> None:
    assert plain_code(" ABCD-efgh　ｉｊ２３ k.l ") == "abcdefghij23kl"


def test_sheet_goes_into_the_box_without_its_photo(scoped: Cast) -> None:
    wave = everything(scoped)
    (secret,) = secrets_of(wave)
    code = "-".join(secret[at : at + 4] for at in range(0, 16, 4)).upper()
    facts = {"wave": wave, "by": scoped.desk, "today": TODAY}
    enter_paper(code=code, given={"lift": "5"}, **facts)
    assert (Ballot.objects.count(), Invitation.objects.get().is_used) == (1, True)
    other = opened(scoped, survey_of(scoped, title="另一份"))
    with pytest.raises(NoSuchInvitation):
        enter_paper(code=secrets_of(other)[0], given={"lift": "5"}, **facts)


def test_nobody_is_led_behind_a_photo_on_paper(scoped: Cast) -> None:
    wave = opened(scoped, survey_of(scoped, document=BEHIND_A_PHOTO))
    facts = {"wave": wave, "by": scoped.desk, "today": TODAY}
    (secret,) = secrets_of(wave)
    # What a program says of a photograph that nobody has seen leads nowhere either.
    (line,) = check_lines(lines=[Line(2, secret, {"mark": "4", "look": "photo"})], **facts)
    assert line.wrong == []
    (line,) = enter_table(text=f"code\tmark\n{secret}\t4", **facts)
    assert (line.is_entered, line.wrong) == (True, [])


def test_every_column_is_understood(scoped: Cast) -> None:
    wave = everything(scoped)
    text = (
        "编码\t1\tQ2\t3\t第4题\t5.1\tcare.safe\t6\t8\tsince\n"
        "AAAA\t4\t10\t电话\t1、2\t3\t4\t2,1\t3.5\t2020-01-01\n"
        "\t\t\t\t\t\t\t\t\t\n"
        "BBBB\t5\t\tdesk"
    )
    first, second = read_table(questionnaire_of(wave.edition), text)
    assert (first.number, first.code, first.wrong) == (2, "aaaa", [])
    assert first.given == {
        "lift": "4",
        "friend": "10",
        "via": "phone",
        "wants": ["w0", "w1"],
        "care": {"clean": "3", "safe": "4"},
        "order": ["quiet", "green"],
        "years": "3.5",
        "since": "2020-01-01",
    }
    assert (second.number, second.given) == (3, {"lift": "5", "via": "desk"})


def test_tenth_row_of_a_matrix_is_not_taken_for_the_first(scoped: Cast) -> None:
    rows = [{"key": f"r{number}", "text": f"第{number}项"} for number in range(1, 13)]
    matrix = {"kind": "matrix", "key": "care", "text": "各项服务", "rows": rows}
    document = {"sections": [{"title": "服务", "questions": [matrix]}]}
    wave = opened(scoped, survey_of(scoped, document=document))
    questionnaire = questionnaire_of(wave.edition)
    heads = heads_of(questionnaire)
    assert heads[9:11] == ["1_9", "1_10"]
    # No head is a number that a spreadsheet would show in another way.
    assert not any(re.fullmatch(r"\d+\.\d+", each) for each in heads)
    marks = ["5"] * 9 + ["1"] + ["5"] * 2
    (line,) = read_table(questionnaire, "\t".join(heads) + "\n" + "\t".join(["abc", *marks]))
    assert (line.given["care"]["r1"], line.given["care"]["r10"]) == ("5", "1")


@pytest.mark.parametrize(
    ("names", "second"),
    [
        ("5.1,5.1", "5.1"),
        ("5_1,care.clean", "care.clean"),
        ("lift,5_1,Q1", "Q1"),
        ("6,6_1", "6_1"),
        ("order.green,order", "order"),
    ],
)
def test_two_columns_of_one_meaning_are_refused_by_name(
    scoped: Cast, names: str, second: str
) -> None:
    wave = everything(scoped)
    text = f"code,{names}\nabc" + ",1" * (names.count(",") + 1)
    with pytest.raises(ColumnTwice) as caught:
        check_table(wave=wave, text=text, by=scoped.desk, today=TODAY)
    assert f"“{second}”" in str(caught.value)


def test_all_that_is_wrong_is_said_by_line_and_column(scoped: Cast) -> None:
    wave = everything(scoped, homes=3)
    used, one, two, three = secrets_of(wave)
    says(used, speed=None, lift=5)
    text = "\n".join(
        [
            "code,1,3,8,99",
            f"{one},9,smoke,many,",
            f"{used},4,,,",
            f"{two},4,phone,7,",
            f"{two},4,phone,7,",
            "nonsense,4,,,",
        ]
    )
    lines = check_table(wave=wave, text=text, by=scoped.desk, today=TODAY)
    unknown = ("99", "unknown_column")
    assert [[(each.column, each.code) for each in line.wrong] for line in lines] == [
        [unknown, ("1", "not_on_the_scale"), ("3", "unknown_choice"), ("8", "not_a_number")],
        [unknown, ("code", "already_answered")],
        [unknown],
        [unknown, ("code", "code_twice")],
        [unknown, ("code", "no_such_invitation")],
    ]
    text = text.replace(",99", "").replace(",\n", "\n")
    assert Ballot.objects.count() == 1
    lines = enter_table(wave=wave, text=text, by=scoped.desk, today=TODAY)
    assert [line.is_entered for line in lines] == [False, False, True, False, False]
    assert Ballot.objects.count() == 2
    again = enter_table(wave=wave, text=text, by=scoped.desk, today=TODAY)
    assert not any(line.is_entered for line in again)
    assert three not in {line.code for line in lines}


def test_table_without_names_and_one_that_is_too_long_are_refused(scoped: Cast) -> None:
    wave = everything(scoped)
    endless = 'code,1\n"' + "x" * 140_000
    for text in ("", "code,1", "1,2\n3,4", "code,code\na,b", endless):
        with pytest.raises(UnreadableTable):
            check_table(wave=wave, text=text, by=scoped.desk, today=TODAY)
    with pytest.raises(TooManyLines):
        check_table(
            wave=wave, text="code\n" + "x\n" * (MOST_LINES + 1), by=scoped.desk, today=TODAY
        )


def test_what_is_refused_after_it_was_checked_is_said(scoped: Cast) -> None:
    wave = everything(scoped)
    (secret,) = secrets_of(wave)
    text = f"code,1\n{secret},4"
    (late,) = check_table(wave=wave, text=text, by=scoped.desk, today=TODAY + timedelta(days=30))
    assert [(each.column, each.code) for each in late.wrong] == [("code", "survey_not_open")]
    enough(wave)
    (line,) = enter_table(wave=wave, text=text, by=scoped.desk, today=TODAY)
    assert [each.code for each in line.wrong] == ["quota_reached"]
    assert (line.is_entered, Ballot.objects.count()) == (False, 0)


# --- the pages ---


@pytest.fixture
def wave(jinxiu: Cast) -> Wave:
    with company_scope(jinxiu.company.pk):
        return today(everything(jinxiu))


@pytest.fixture
def secret(jinxiu: Cast, wave: Wave) -> str:
    with company_scope(jinxiu.company.pk):
        return secret_of(Invitation.objects.get(wave=wave))


@pytest.fixture
def desk(jinxiu: Cast, sign_in: SignIn) -> Client:
    return sign_in(jinxiu.desk)


def test_sheets_are_entered_one_after_the_other(desk: Client, wave: Wave, secret: str) -> None:
    address = f"/jinxiu/surveys/waves/{wave.pk}/paper/"
    assert 'name="code"' in desk.get(address).content.decode()
    unknown = desk.post(address, {"code": "xxxx", "q-lift": "4"})
    assert unknown.status_code == 422
    assert 'id="code-wrong"' in unknown.content.decode()
    wrong = desk.post(address, {"code": secret, "q-years": "viele"})
    assert (wrong.status_code, wrong.content.decode().count('class="errorlist"')) == (422, 2)
    assert secret in wrong.content.decode()
    assert desk.post(address, {"code": secret, "q-lift": "4"})["Location"] == address


def test_table_is_looked_at_before_it_is_entered(
    desk: Client, wave: Wave, secret: str, jinxiu: Cast
) -> None:
    address = f"/jinxiu/surveys/waves/{wave.pk}/paper/table/"
    assert desk.get(address).status_code == 200
    assert desk.post(address, {}).status_code == 422
    assert desk.post(address, {"text": "no names"}).status_code == 422
    content = f"编码,1\n{secret},4\nzzz,4\n".encode("gb18030")
    looked = desk.post(address, {"file": SimpleUploadedFile("a.csv", content)})
    html = looked.content.decode()
    assert 'name="enter"' in html
    assert "<td" in html
    with company_scope(jinxiu.company.pk):
        assert Ballot.objects.count() == 0
    text = content.decode("gb18030")
    entered = desk.post(address, {"text": text, "enter": "yes"}).content.decode()
    assert "notice-ok" in entered
    # What is in the box is gone from the table, so that nobody enters it twice.
    assert "zzz" in entered
    assert secret not in entered
    with company_scope(jinxiu.company.pk):
        assert Ballot.objects.count() == 1
    unreadable = SimpleUploadedFile("a.xlsx", b"PK\x03\x04\xff\xff\x00")
    assert desk.post(address, {"file": unreadable}).status_code == 422
    huge = SimpleUploadedFile("a.csv", b"x" * (MOST_BYTES + 1))
    assert desk.post(address, {"file": huge}).status_code == 422


def test_empty_table_is_offered_and_understood(desk: Client, wave: Wave, jinxiu: Cast) -> None:
    address = f"/jinxiu/surveys/waves/{wave.pk}/paper/table/"
    empty = desk.get(f"{address}?empty", headers={"accept-language": "zh-hans"})
    heads = empty.content.decode("utf-8-sig").strip()
    assert heads.startswith("编码,1,")
    with company_scope(jinxiu.company.pk):
        questionnaire = questionnaire_of(wave.edition)
        line = next(read_table(questionnaire, f"{heads}\nabc" + "," * heads.count(",")))
    assert (line.code, line.wrong) == ("abc", [])
