"""The owner archive: numbers that are found but not read, names that are found by their sound."""

import pytest
from django.db import connection

from owners.models import Owner, Ownership
from owners.services.archive import (
    BadIdNumber,
    BadPhone,
    NameMissing,
    NothingToReveal,
    create_owner,
    find_owners,
    mask_id_number,
    mask_phone,
    normal_phone,
    reveal,
    update_owner,
)
from owners.services.naming import sound_of
from owners.services.personal import index
from tenancy.fields import blind_index
from tenancy.models import AuditEntry
from tenancy.scope import company_scope
from tests.factories.cast import TUESDAY, Cast

PHONE = "+8617400000042"
ID_NUMBER = "11010119000307007X"


def make(cast: Cast, name: str = "曾国强", **facts: str) -> Owner:
    return create_owner(name=name, by=cast.actor("desk"), now=TUESDAY, **facts)


def found(query: str) -> list[str]:
    return list(find_owners(query).order_by("sort_key").values_list("name", flat=True))


@pytest.mark.parametrize(
    "typed",
    [
        "17400000042",
        "174 0000 0042",
        "+86 174-0000-0042",
        "008617400000042",
        "１７４００００００４２",
    ],
)
def test_phone_has_one_spelling(typed: str) -> None:
    assert normal_phone(typed) == PHONE


@pytest.mark.parametrize("typed", ["", "110", "1740000004", "not a number", "9" * 500, "\x00"])
def test_phone_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(BadPhone):
        normal_phone(typed)


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("+8613800000000", "138****0000"),
        (PHONE, "174****0042"),
        ("+85221234567", "+852 ****4567"),
        ("+862885551234", "+86 ****1234"),
        ("nonsense", "****"),
        ("", ""),
    ],
)
def test_phone_mask(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


def test_id_number_mask() -> None:
    assert mask_id_number(ID_NUMBER) == "110***********007X"
    assert mask_id_number("") == ""


@pytest.mark.parametrize(
    ("name", "search_text", "sort_key"),
    [
        ("单雄信", "单雄信 shanxiongxin sxx", "shan xiong xin"),
        ("曾国强", "曾国强 zengguoqiang zgq", "zeng guo qiang"),
        ("仇英", "仇英 qiuying qy", "qiu ying"),
        ("解缙", "解缙 xiejin xj", "xie jin"),
        ("查良", "查良 zhaliang zl", "zha liang"),
        ("区大伟", "区大伟 oudawei odw", "ou da wei"),
        ("尉迟恭", "尉迟恭 yuchigong ycg", "yu chi gong"),
        ("張偉", "张伟 zhangwei zw", "zhang wei"),
        ("Anna Lee", "annalee a", "annalee"),
        ("单车租赁有限公司", "单车租赁有限公司 danchezulinyouxiangongsi dczlyxgs",
         "dan che zu lin you xian gong si"),
    ],
)  # fmt: skip
def test_name_sounds(name: str, search_text: str, sort_key: str) -> None:
    sound = sound_of(name)
    assert (sound.search_text, sound.sort_key) == (search_text, sort_key)


def test_longest_name_fits(scoped: Cast) -> None:
    owner = make(scoped, "窗" * 60)
    assert (len(owner.search_text), len(owner.sort_key)) == (300, 120)


def test_create_owner_derives_what_finds_them(scoped: Cast) -> None:
    owner = make(scoped, "  曾 国强 ", phone="174 0000 0042", id_number=ID_NUMBER.lower())
    realm = str(scoped.company.pk)
    assert (owner.name, owner.phone, owner.id_number) == ("曾 国强", PHONE, ID_NUMBER)
    assert owner.phone_index == blind_index(PHONE, realm=realm)
    assert owner.phone_tail_index == blind_index("0042", realm=realm)
    assert owner.id_number_index == blind_index(ID_NUMBER, realm=realm)
    assert (owner.search_text, owner.sort_key) == ("曾国强 zengguoqiang zgq", "zeng guo qiang")


def test_numbers_are_unreadable_in_the_database(scoped: Cast) -> None:
    owner = make(scoped, phone=PHONE, id_number=ID_NUMBER)
    with connection.cursor() as cursor:
        cursor.execute("SELECT o::text FROM owners_owner o WHERE id = %s", [owner.pk])
        row = cursor.fetchone()[0]
    assert [each in row for each in ("7400000042", "0042", "1900030")] == [False] * 3


@pytest.mark.parametrize("name", ["", "   ", "长" * 61])
def test_owner_without_a_sensible_name_is_refused(scoped: Cast, name: str) -> None:
    with pytest.raises(NameMissing):
        make(scoped, name)


def test_owner_with_a_wrong_id_number_is_refused(scoped: Cast) -> None:
    with pytest.raises(BadIdNumber):
        make(scoped, id_number="110101190003070071")


def test_update_owner_changes_what_was_named(scoped: Cast) -> None:
    owner = make(scoped, phone=PHONE)
    changed = update_owner(owner=owner, name="单国强", by=scoped.actor("desk"), now=TUESDAY)
    assert (changed.name, changed.phone) == ("单国强", PHONE)
    assert changed.search_text == "单国强 shanguoqiang sgq"
    entry = AuditEntry.objects.get(action="update_owner")
    assert entry.detail == {"changed": ["name"]}


def test_update_owner_forgets_a_number(scoped: Cast) -> None:
    owner = make(scoped, phone=PHONE)
    changed = update_owner(owner=owner, phone="", by=scoped.actor("desk"), now=TUESDAY)
    assert (changed.phone, changed.phone_index, changed.phone_tail_index) == ("", "", "")


def test_reveal_shows_the_number_and_writes_it_down(scoped: Cast) -> None:
    owner = make(scoped, phone=PHONE)
    shown = reveal(owner=owner, field="phone", by=scoped.actor("desk"), now=TUESDAY)
    entry = AuditEntry.objects.get(action="reveal_phone")
    assert shown == PHONE
    assert (entry.by_id, entry.subject, entry.subject_id, entry.at, entry.address) == (
        scoped.desk.pk, "owner", owner.pk, TUESDAY, "127.0.0.1",
    )  # fmt: skip


@pytest.mark.parametrize("field", ["id_number", "name", "search_text"])
def test_reveal_of_nothing_is_refused(scoped: Cast, field: str) -> None:
    owner = make(scoped, phone=PHONE)
    with pytest.raises(NothingToReveal):
        reveal(owner=owner, field=field, by=scoped.actor("desk"), now=TUESDAY)
    assert AuditEntry.objects.filter(action__startswith="reveal").count() == 0


@pytest.mark.parametrize(
    "query",
    [
        "曾国强", "曾國強", "国强", "zengguoqiang", "Zeng Guo", "ZGQ", "guoqiang",
        "174 0000 0042", "+8617400000042", "0042", ID_NUMBER,
        "8栋2单元1201", "2单元 1201", "8-2-1201", "2 1201", "8#2#1201",
    ],
)  # fmt: skip
def test_owner_is_found(scoped: Cast, query: str) -> None:
    owner = make(scoped, phone=PHONE, id_number=ID_NUMBER)
    scoped.unit.label = "8栋2单元1201"
    scoped.unit.save()
    Ownership.objects.all().delete()
    Ownership(owner=owner, unit=scoped.unit).save()
    assert found(query) == ["曾国强"]


@pytest.mark.parametrize(
    "query",
    ["", "  ", "\x00", "李", "ceng", "0043", "17400000043", "8-1-1201", "8-2-120", "%", "_"],
)
def test_nobody_is_found(scoped: Cast, query: str) -> None:
    owner = make(scoped, phone=PHONE)
    scoped.unit.label = "8栋2单元1201"
    scoped.unit.save()
    Ownership(owner=owner, unit=scoped.unit).save()
    assert found(query) == []


def test_former_owner_is_not_found_by_unit(scoped: Cast) -> None:
    Ownership(owner=make(scoped), unit=scoped.unit, until=TUESDAY.date()).save()
    assert found("3栋1201") == ["张伟"]


def test_owner_of_another_company_is_not_found(jinxiu: Cast, heyue: Cast) -> None:
    with company_scope(jinxiu.company.pk):
        make(jinxiu, phone=PHONE)
    with company_scope(heyue.company.pk):
        assert [found(query) for query in ("zgq", "0042", PHONE)] == [[], [], []]


def test_digest_of_one_phone_differs_between_companies(jinxiu: Cast, heyue: Cast) -> None:
    digests = []
    for cast in (jinxiu, heyue):
        with company_scope(cast.company.pk):
            digests.append(index(PHONE))
    assert digests[0] != digests[1]
