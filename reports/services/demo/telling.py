"""What the demo's owners were told of the last wave: a page for every community but the last,
whose draft waits for somebody to approve it."""

from datetime import datetime, timedelta

from reports.services.demo.staff import Staff
from surveys.models import Publication, Wave
from surveys.services.publishing import (
    Content,
    LineSaid,
    QuoteSaid,
    approve_publication,
    change_publication,
    communities_of,
    draft_publication,
    mark_of_draft,
)
from surveys.services.publishing_quotes import is_telling, quotable
from tenancy.models import Community, Membership
from tenancy.services.actor import Actor, Via

INTRODUCTION = (
    "各位业主：\n"
    "谢谢您抽出时间作答。每一份答卷我们都看了，好的我们继续做，不好的写在下面，由谁负责、"
    "什么时候完成、有没有做到，一并向您交代。\n"
    "有的承诺我们没有按时做到，在此致歉。下一次调查时，请您再来评判。"
)
IN_ENGLISH = (
    "Dear owners,\n"
    "thank you for taking the time. We have read every answer. What is good we keep doing; what is"
    " not stands below, with who is responsible, by when, and whether it was done.\n"
    "Some promises we did not keep in time, and we apologise. Judge us again next time."
)
OWN_LINES = (
    LineSaid(
        "大堂增设雨伞架和轮椅，供业主免费借用",
        {"en": "Umbrellas and wheelchairs to borrow in the lobby"},
        state="done",
    ),
    LineSaid(
        "项目经理每月第一个周六在大堂接待业主",
        {"en": "The manager meets owners in the lobby every first Saturday"},
        state="planned",
    ),
)
IMPROVED = {
    "报修按约定时间上门：派单到人，超时提醒": "Repairs come at the time agreed",
    "重新划分临停车位，高峰时段专人疏导": "Visitor parking drawn anew, with help at rush hour",
    "处理进度每天主动告知业主": "We tell you every day how far your matter is",
}
MOST_QUOTES = 3


class Telling:
    """Publishes a wave of one company: its manager writes, its admin approves."""

    def __init__(self, staff: Staff, now: datetime) -> None:
        self.now = now
        self.manager = staff.accounts["manager"]
        self.writer = Actor(self.manager, Via.PAGE, "")
        admin = Membership.objects.get(user__username__startswith="admin@")
        self.approver = Actor(admin, Via.PAGE, "")

    def tell(self, wave: Wave) -> None:
        """Every community a page; the last of several is still being written."""
        places = communities_of(wave, self.manager)
        for number, community in enumerate(places):
            row = self.written(wave, community)
            if number == 0 or number < len(places) - 1:
                approve_publication(
                    publication=row, seen=mark_of_draft(row), by=self.approver,
                    now=self.now - timedelta(days=3),
                )  # fmt: skip

    def written(self, wave: Wave, community: Community) -> Publication:
        at = self.now - timedelta(days=5)
        row = draft_publication(wave=wave, community=community, by=self.writer, now=at)
        return change_publication(
            publication=row,
            content=self.content(row),
            seen=mark_of_draft(row),
            by=self.writer,
            now=at + timedelta(hours=2),
        )

    def content(self, row: Publication) -> Content:
        return Content(
            title=row.title,
            introduction=INTRODUCTION,
            translations={
                "en": {"title": "What you said, what we did", "introduction": IN_ENGLISH}
            },
            items=row.items,
            lines=[*self.improvements(row), *OWN_LINES],
            quotes=self.quotes(row),
        )

    def improvements(self, row: Publication) -> list[LineSaid]:
        lines = row.lines.order_by("position", "id")
        return [
            LineSaid(
                each.text,
                {"en": IMPROVED[each.text]} if each.text in IMPROVED else {},
                each.improvement_id,
            )
            for each in lines
        ]

    def quotes(self, row: Publication) -> list[QuoteSaid]:
        """Some that say enough and tell nothing of whoever wrote them, each another one."""
        found: dict[str, QuoteSaid] = {}
        for mark in quotable(row)[:60]:
            if len(mark.text) > 8 and not is_telling(mark.text):
                found.setdefault(mark.text, QuoteSaid(mark.pk, mark.text, is_checked=True))
        return list(found.values())[:MOST_QUOTES]
