"""What owners are told: written by one, approved by another, and then it stands."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from complaints.models import Status, Ticket
from surveys.models import (
    Audience,
    Publication,
    PublicationStage,
    ResponseMark,
    Survey,
    Tally,
    TextCode,
    Wave,
)
from surveys.services import publishing
from surveys.services.audiences import Part
from surveys.services.coding import categories
from surveys.services.improving import NoSuchItem, NotCounted, check_effects
from surveys.services.publishing import (
    LineSaid,
    QuoteSaid,
    change_publication,
    is_alone,
    mark_of_draft,
    withdraw_publication,
)
from surveys.services.publishing_claiming import NobodyPublishes
from surveys.services.survey import ChangedMeanwhile
from surveys.services.wave import OutOfReach
from tenancy.models import AuditEntry, Community, Company, Membership, MembershipCommunity
from tenancy.services.actor import MACHINE
from tenancy.services.refusal import Refused
from tests.factories.cast import TUESDAY, Cast
from tests.surveys.asking import done, opened
from tests.surveys.publishing import (
    LATER,
    STRONG,
    WEAK,
    approved,
    changed,
    content_of,
    decide,
    drafted,
    street,
    survey_of,
    told,
    wave_of,
)


@pytest.fixture
def survey(scoped: Cast) -> Survey:
    Company.objects.filter(pk=scoped.company.pk).update(language="zh-hans")
    street(scoped, "5栋", 12)
    return survey_of(scoped)


@pytest.fixture
def wave(scoped: Cast, survey: Survey) -> Wave:
    return wave_of(scoped, survey, WEAK)


def limited(cast: Cast, role: str, community: Community) -> Membership:
    """This member looks after that community and no other."""
    Membership.objects.filter(pk=cast.members[role].pk).update(all_communities=False)
    MembershipCommunity.objects.create(membership=cast.members[role], community=community)
    cast.members[role] = Membership.objects.get(pk=cast.members[role].pk)
    return cast.members[role]


# --- what it says ---


def test_publication_says_what_was_said_and_what_was_done(scoped: Cast, survey: Survey) -> None:
    first = wave_of(scoped, survey, WEAK)
    decided, helped = decide(scoped, first), decide(scoped, first, title="增派值班")
    done(scoped, helped)
    wave = wave_of(scoped, survey, STRONG, days=30)
    check_effects(wave=wave, now=LATER)
    row = drafted(scoped, wave)
    assert (row.title, row.language, row.items) == (
        "您说的，我们做的", "zh-hans",
        ["index", "dimension:reliability", "dimension:responsiveness", "dimension:assurance",
         "dimension:empathy", "dimension:tangibles", "speed"],
    )  # fmt: skip
    document = told(approved(scoped, row))
    assert document["response"] == {
        "population": 13, "invited": 13, "answered": 12, "is_census": True, "one_per": "household",
    }  # fmt: skip
    (item,) = document["items"]
    assert (item["words"]["zh-hans"], item["value"], item["change"], item["verdict"]) == (
        "报修处理及时吗？", 91.7, 66.7, "real",
    )  # fmt: skip
    assert item["low"] < 91.7 < item["high"]
    assert (document["withheld"], document["not_chosen"]) == (0, 0)
    line, other = document["lines"]
    # What is not done has not helped, however much better it is.
    assert (line["words"]["zh-hans"], line["state"], line["effect"], line["is_earlier"]) == (
        "晚间增派维修值班", "overdue", "", True,
    )  # fmt: skip
    assert (other["words"]["zh-hans"], other["state"], other["effect"], other["is_earlier"]) == (
        "增派值班", "done", "better", True,
    )  # fmt: skip
    assert (line["due_on"], line["done_on"], line["item"]) == ("2026-12-01", None, "speed")
    # Nobody's name is anywhere in it.
    names = set(Membership.objects.values_list("name", flat=True))
    assert not [name for name in names if name in str(document)]
    assert decided.ticket.assignee is not None


def test_promises_kept_and_missed_stand_side_by_side(scoped: Cast, wave: Wave) -> None:
    scoped.file(now=TUESDAY - timedelta(days=20))  # accepted by nobody, called by nobody
    scoped.file(now=TUESDAY - timedelta(days=300))  # in another half-year
    promises = told(approved(scoped, drafted(scoped, wave)))["promises"]
    assert (promises["first"], promises["last"], promises["filed"]) == (
        "2026-05-11", "2026-11-10", 1,
    )  # fmt: skip
    assert {each["promise"]: (each["kept"], each["missed"]) for each in promises["rows"]} == {
        "acceptance": (0, 1), "callback": (0, 1), "resolution": (0, 1),
    }  # fmt: skip


def test_small_community_is_withheld_and_told_what_was_done(scoped: Cast, survey: Survey) -> None:
    there = Community.objects.create(name="月亮湾")
    scoped.rows["community"], home = there, scoped.community
    street(scoped, "9栋", 3)
    scoped.rows["community"] = home
    wave = wave_of(scoped, survey, [*WEAK, 5, 5, 5, 5])
    document = told(approved(scoped, drafted(scoped, wave, community=there)))
    assert document["response"]["answered"] is None
    assert (document["items"], document["index"], document["withheld"]) == ([], None, 1)
    assert (document["topics"], document["quotes"]) == ([], [])


def test_own_words_are_counted_from_five_on(scoped: Cast, wave: Wave) -> None:
    marks = list(ResponseMark.objects.filter(wave=wave, question="words").order_by("id"))
    often, seldom = list(categories())[:2]
    for category, some in ((often, marks[:5]), (seldom, marks[5:9])):
        TextCode.objects.bulk_create(
            TextCode(wave=wave, mark=each, category=category) for each in some
        )
    topics = told(approved(scoped, drafted(scoped, wave)))["topics"]
    assert [(each["words"]["zh-hans"], each["count"]) for each in topics] == [(often.name, 5)]


def test_english_words_stand_beside_and_the_other_writing_comes_by_itself(
    scoped: Cast, wave: Wave
) -> None:
    row = drafted(scoped, wave)
    changed(
        scoped, row, introduction="谢谢您",
        translations={"en": {"title": "You said, we did", "introduction": ""}},
        lines=[LineSaid("换了对讲机", {"en": "New intercoms"}, state="done")],
        items=["speed"],
    )  # fmt: skip
    row.refresh_from_db()
    document = told(approved(scoped, row))
    assert document["title"]["en"] == "You said, we did"
    assert document["introduction"] == {"zh-hans": "谢谢您", "zh-hant": "謝謝您"}
    assert document["lines"] == [
        {
            "words": {"zh-hans": "换了对讲机", "en": "New intercoms", "zh-hant": "換了對講機"},
            "is_earlier": False, "state": "done", "item": "", "item_words": {},
        }
    ]  # fmt: skip
    assert (document["index"], document["dimensions"]) == (None, [])


# --- who may ---


def test_whoever_wrote_last_does_not_approve(scoped: Cast, wave: Wave) -> None:
    row = drafted(scoped, wave)
    with pytest.raises(publishing.FourEyes):
        approved(scoped, row, by="manager")
    row = changed(scoped, row, by="admin", title="给锦绣业主的答复")
    with pytest.raises(publishing.FourEyes):
        approved(scoped, row, by="admin")
    assert approved(scoped, row, by="manager").approved_by == scoped.manager
    # Saving the same again is no change.
    before = row.changed_at
    assert changed(scoped, row, by="manager").changed_at == before


def test_the_only_one_who_may_approves_alone_and_it_is_written_down(
    scoped: Cast, wave: Wave
) -> None:
    row = drafted(scoped, wave)
    elsewhere = Community.objects.create(name="月亮湾")
    limited(scoped, "admin", elsewhere)
    assert is_alone(row, scoped.manager)
    approved(scoped, row, by="manager")
    entry = AuditEntry.objects.get(action="approve_publication")
    assert (entry.by, entry.detail["alone"]) == (scoped.manager, True)
    assert entry.detail["document"] == Publication.objects.get().document


def test_members_publish_where_they_look_after(scoped: Cast, wave: Wave) -> None:
    row = drafted(scoped, wave)
    elsewhere = Community.objects.create(name="月亮湾")
    member = limited(scoped, "admin", elsewhere)
    assert not Publication.objects.visible_to(member).exists()
    with pytest.raises(OutOfReach):
        approved(scoped, row)
    with pytest.raises(OutOfReach):
        drafted(scoped, wave, by="admin")
    MembershipCommunity.objects.create(membership=member, community=scoped.community)
    member = scoped.members["admin"] = Membership.objects.get(pk=member.pk)
    assert list(Publication.objects.visible_to(member)) == [row]
    assert not Publication.objects.visible_to(scoped.members["owner"]).exists()
    assert approved(scoped, row).stage == PublicationStage.APPROVED


def test_begun_twice_is_begun_once(scoped: Cast, wave: Wave) -> None:
    assert drafted(scoped, wave).pk == drafted(scoped, wave, by="admin").pk


def test_what_cannot_be_published_is_refused(scoped: Cast, survey: Survey) -> None:
    running = opened(scoped, survey)
    with pytest.raises(NotCounted):
        drafted(scoped, running)
    Survey.objects.filter(pk=survey.pk).update(audience=Audience.STAFF, one_per="person")
    with pytest.raises(publishing.StaffAreToldInside):
        drafted(scoped, Wave.objects.get(pk=running.pk))


def test_community_that_was_not_asked_is_told_nothing(scoped: Cast, survey: Survey) -> None:
    wave = wave_of(scoped, survey, WEAK, communities=[scoped.community])
    with pytest.raises(publishing.NotAskedThere):
        drafted(scoped, wave, community=Community.objects.create(name="月亮湾"))


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"items": ["never"]}, "no_such_item"),
        ({"items": ["dimension:courage"]}, "no_such_item"),
        ({"lines": [LineSaid("x", improvement=uuid4())]}, "no_such_improvement"),
        ({"lines": [LineSaid("x", state="done")] * 41}, "too_many_lines"),
        ({"quotes": [QuoteSaid(uuid4(), "x")]}, "text_not_told"),
        ({"quotes": [QuoteSaid(uuid4(), "x")] * 11}, "too_many_quotes"),
    ],
)
def test_change_that_cannot_stand_is_refused(
    scoped: Cast, wave: Wave, more: dict[str, Any], code: str
) -> None:
    row = drafted(scoped, wave)
    with pytest.raises(Refused) as refusal:
        changed(scoped, row, **more)
    assert refusal.value.code == code


def test_two_who_write_at_once_overwrite_nothing(scoped: Cast, wave: Wave) -> None:
    row = drafted(scoped, wave)
    seen = mark_of_draft(row)
    row = changed(scoped, row, title="甲写的")
    facts: dict[str, Any] = {"seen": seen, "by": scoped.actor("admin"), "now": LATER}
    with pytest.raises(ChangedMeanwhile):
        change_publication(publication=row, content=content_of(row, title="乙写的"), **facts)
    with pytest.raises(ChangedMeanwhile):  # nobody approves what they have not read
        approved(scoped, row, seen=seen)
    with pytest.raises(NobodyPublishes):
        publishing.draft_publication(wave=row.wave, community=row.community, by=MACHINE, now=LATER)


# --- it stands ---


def test_what_was_approved_stands_whatever_happens_afterwards(scoped: Cast, survey: Survey) -> None:
    first = wave_of(scoped, survey, WEAK)
    decided = decide(scoped, first)
    wave = wave_of(scoped, survey, STRONG, days=30)
    row = approved(scoped, drafted(scoped, wave))
    before = told(row)
    assert before["lines"][0]["state"] == "overdue"
    Tally.objects.filter(wave=wave).delete()
    Ticket.objects.filter(pk=decided.ticket_id).update(
        status=Status.CLOSED, resolved_at=LATER, closed_at=LATER
    )
    Community.objects.filter(pk=scoped.community.pk).update(name="新名字")
    changed(scoped, row, title="另一个标题")
    found = Publication.objects.get(pk=row.pk)
    assert (found.document, found.stage, found.is_changed) == (
        before, PublicationStage.APPROVED, True,
    )  # fmt: skip
    with pytest.raises(publishing.NoteMissing):
        approved(scoped, found)
    found = approved(scoped, found, note="维修值班已经落实。")
    assert told(found)["lines"][0]["state"] == "done_late"
    assert told(found)["corrections"] == [{"on": "2026-12-20", "note": "维修值班已经落实。"}]
    assert found.published_at == row.published_at
    with pytest.raises(publishing.NothingCorrected):
        approved(scoped, found, note="又一次")
    assert AuditEntry.objects.filter(action="approve_publication").count() == 2


def test_what_was_promised_after_another_survey_is_told(scoped: Cast, survey: Survey) -> None:
    """Its question of the same key was another one; nobody is made to tell it in both."""
    question = {"kind": "rating", "text": "保安及时吗？", "required": True, "key": "speed"}
    document = {"sections": [{"title": "服务", "questions": [question]}]}
    other = survey_of(scoped, title="物业服务专项调查", document=document)
    promised = decide(scoped, wave_of(scoped, other, WEAK))
    there = Community.objects.create(name="月亮湾")
    here = [Part("community", (str(scoped.community.pk),))]
    wave = wave_of(scoped, survey, STRONG, days=30)
    row = drafted(scoped, wave)
    assert [each.improvement_id for each in row.lines.all()] == [promised.pk]
    (line,) = told(approved(scoped, row))["lines"]
    assert (line["is_earlier"], line["item_words"]["zh-hans"]) == (True, "保安及时吗？")
    # Elsewhere nobody was asked by a survey of this community alone.
    alone = survey_of(scoped, title="本小区调查")
    decide(scoped, wave_of(scoped, alone, WEAK, days=1, parts=here))
    found = drafted(scoped, wave, community=there)
    assert [each.improvement_id for each in found.lines.all()] == [promised.pk]
    # Whoever leaves it out keeps no promise of this survey silent.
    silent = approved(scoped, changed(scoped, found, lines=[]))
    assert told(silent)["lines"] == []


def test_promise_of_an_earlier_wave_is_not_kept_silent(scoped: Cast, survey: Survey) -> None:
    decide(scoped, wave_of(scoped, survey, WEAK))
    wave = wave_of(scoped, survey, STRONG, days=30)
    row = changed(scoped, drafted(scoped, wave), lines=[])
    with pytest.raises(publishing.PromiseKeptSilent) as refusal:
        approved(scoped, row)
    assert "晚间增派维修值班" in str(refusal.value)


def test_withdrawn_is_gone_until_somebody_else_brings_it_back(scoped: Cast, wave: Wave) -> None:
    row = drafted(scoped, wave)
    facts: dict[str, Any] = {"reason": "数字有误", "by": scoped.actor("admin"), "now": LATER}
    with pytest.raises(publishing.NotPublished):
        withdraw_publication(publication=row, **facts)
    row = withdraw_publication(publication=approved(scoped, row), **facts)
    assert (row.stage, row.withdrawn_reason) == (PublicationStage.WITHDRAWN, "数字有误")
    assert not Publication.objects.published().exists()
    with pytest.raises(publishing.FourEyes):
        approved(scoped, row, note="核对无误")
    back = approved(scoped, row, by="manager", note="核对无误")
    assert (back.stage, back.withdrawn_at) == (PublicationStage.APPROVED, None)
    assert told(back)["corrections"][0]["note"] == "核对无误"


def test_whoever_wrote_on_it_does_not_bring_it_back_after_anothers_withdrawal(
    scoped: Cast, wave: Wave
) -> None:
    row = approved(scoped, drafted(scoped, wave))
    row = changed(scoped, row, by="manager", introduction="没有人看过的话")
    facts: dict[str, Any] = {"reason": "数字有误", "by": scoped.actor("admin"), "now": LATER}
    row = withdraw_publication(publication=row, **facts)
    with pytest.raises(publishing.FourEyes):
        approved(scoped, row, by="manager", note="核对无误")
    back = approved(scoped, row, by="admin", note="核对无误")
    assert told(back)["introduction"]["zh-hans"] == "没有人看过的话"


def test_nothing_that_is_no_item_is_shown(scoped: Cast, wave: Wave) -> None:
    row = drafted(scoped, wave)
    with pytest.raises(NoSuchItem):
        changed(scoped, row, items=["words"])  # a text has no mark
