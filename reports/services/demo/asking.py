"""What the demo's companies have asked: two half-years, what came of the first, and one wave that
is open now."""

import random
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import F

from complaints.services import handling
from notifications.models import Delivery, DeliveryState, Notification
from reports.services.demo.opinions import Opinion
from reports.services.demo.staff import Staff
from surveys.models import Improvement, Invitation, Survey, Wave, Way
from surveys.services.answering import answer_as, questionnaire_of
from surveys.services.box import count
from surveys.services.cells import Scope
from surveys.services.improving import check_effects, improve
from surveys.services.improving_values import Item, value_of
from surveys.services.index import measure
from surveys.services.survey import company_language, create_survey
from surveys.services.tallying import tally
from surveys.services.templates import template
from surveys.services.wave import close_wave, open_wave, plan_wave
from surveys.services.wave_rhythm import free_name
from tenancy.services.actor import MACHINE, Actor, Via

WAYS = (Way.LINK, Way.LINK, Way.LINK, Way.PORTAL, Way.PORTAL, Way.PAPER_LINK, Way.PHONE, Way.PAPER)
DAYS = timedelta(days=1)
PROOF = "每周抽查记录与照片：https://files.example.com/improvements/"


class Asking:
    """Asks the owners and the staff of one company, as its manager would have."""

    def __init__(self, staff: Staff, now: datetime, seed: int) -> None:
        self.staff, self.now = staff, now
        self.chance = random.Random(seed)  # noqa: S311 - made-up answers, the same each time
        self.manager = Actor(staff.accounts["manager"], Via.PAGE, "")

    def tell(self, sample: int | None) -> list[Wave]:
        """Everything that was asked; the waves whose results are there, the newest first."""
        survey = self.survey("satisfaction", self.now - 230 * DAYS)
        survey.repeats_months, survey.open_days = 6, 14
        survey.save(update_fields=["repeats_months", "open_days"])
        first = self.wave(survey, days_ago=203, sample=sample)
        first = self.count(first, Opinion(self.chance))
        self.improve(first)
        second = self.wave(survey, days_ago=33, sample=sample)
        second = self.count(second, Opinion(self.chance, better=frozenset({"rel_time"})))
        self.improve_again(second)
        # What was told in those days has gone out long ago.
        gone = {"state": DeliveryState.SENT, "sent_at": self.now, "attempts": 1}
        Delivery.objects.due(self.now).update(**gone)
        self.staff_survey()
        self.open_now()
        return [second, first]

    # --- asking ---

    def survey(self, code: str, at: datetime) -> Survey:
        """A template, as it is."""
        kept = template(code, company_language())
        return create_survey(
            title=kept.title,
            document=kept.whole,
            titles=kept.titles,
            audience=kept.audience,
            one_per=kept.one_per,
            by=self.manager,
            now=at,
        )

    def wave(self, survey: Survey, *, days_ago: int, sample: int | None) -> Wave:
        """A wave that opened so many days ago, for a fortnight."""
        opened = self.now - days_ago * DAYS
        wave = plan_wave(
            survey=survey,
            name=free_name(survey, opened.date()),
            opens_on=opened.date(),
            closes_on=(opened + 13 * DAYS).date(),
            sample_size=sample,
            by=self.manager,
            now=opened,
            today=opened.date(),
        )
        # The same people are drawn whenever the demo is made.
        Wave.objects.filter(pk=wave.pk).update(seed=f"{survey.title} {wave.name}"[:32])
        wave = open_wave(wave=wave, by=self.manager, now=opened)
        self.deliver(opened)
        return wave

    def deliver(self, at: datetime) -> None:
        """The letters of that day have long arrived, and old ones were read."""
        # What was written at night has left in the morning.
        waiting = Delivery.objects.filter(
            state=DeliveryState.WAITING, created_at__range=(at, at + DAYS)
        )
        waiting.update(
            state=DeliveryState.SENT,
            attempts=1,
            next_attempt_at=None,
            sent_at=F("created_at") + timedelta(seconds=7),
        )
        if self.now - at > 10 * DAYS:
            Notification.objects.filter(created_at=at).update(read_at=at + DAYS)

    def fill(self, wave: Wave, opinion: Opinion, share: float) -> None:
        """So large a share of those invited answers, by one way or another."""
        questionnaire = questionnaire_of(wave.edition)
        claimed = Invitation.objects.filter(wave=wave).select_for_update().order_by("id")
        invited = list(claimed)
        for invitation in self.chance.sample(invited, round(len(invited) * share)):
            invitation.wave = wave
            answer_as(
                invitation=invitation,
                questionnaire=questionnaire,
                given=opinion.of(questionnaire, str(invitation.building_id)),
                way=self.chance.choice(WAYS) if invitation.unit_id else Way.PORTAL,
                today=wave.opens_on,
            )

    def count(self, wave: Wave, opinion: Opinion, share: float = 0.55) -> Wave:
        """People answer, the wave closes, and what follows from that follows."""
        self.fill(wave, opinion, share)
        closed = datetime.combine(wave.closes_on, self.now.timetz()) + DAYS
        wave = close_wave(wave=wave, by=MACHINE, now=closed)
        count(wave=wave, by=MACHINE, now=closed)
        wave = Wave.objects.select_related("survey", "edition").get(pk=wave.pk)
        tally(wave=wave)
        measure(wave=wave, now=closed)
        check_effects(wave=wave, now=closed)
        wave.is_reckoned = True
        wave.save(update_fields=["is_reckoned"])
        return wave

    # --- improving ---

    def improve(self, wave: Wave) -> None:
        """What was decided on the first half-year: one that helped, one that changed little."""
        decided = self.now - 184 * DAYS
        for item, title, leader, days in (
            (Item("rel_time"), "报修按约定时间上门：派单到人，超时提醒", "工程部", 80),
            (Item("tan_places", "parking"), "重新划分临停车位，高峰时段专人疏导", "秩序部", 100),
        ):
            row = self.decide(wave, item, title, leader, decided, decided + days * DAYS)
            done = decided + (days - 9) * DAYS
            by = Actor(row.ticket.assignee, Via.PAGE, "")
            solution = f"已按方案执行并抽查合格。{PROOF}{row.ticket.number}"
            ticket = handling.resolve(ticket=row.ticket, solution=solution, by=by, now=done)
            handling.close(ticket=ticket, by=self.manager, now=done + DAYS)

    def improve_again(self, wave: Wave) -> None:
        """What is being done now about the second."""
        decided = self.now - 12 * DAYS
        self.decide(
            wave, Item("res_progress"), "处理进度每天主动告知业主", "客服部", decided,
            self.now + 24 * DAYS,
        )  # fmt: skip

    def decide(
        self, wave: Wave, item: Item, title: str, leader: str, at: datetime, due: datetime
    ) -> Improvement:
        before = value_of(wave, item, Scope())
        if before is None:
            raise LookupError(item.name)  # everybody of the demo answers something to everything
        return improve(
            wave=wave,
            item=item,
            assignee=self.staff.leaders.get(leader) or self.staff.accounts["supervisor"],
            due_on=due.date(),
            title=title,
            expected=min(Decimal(round(before.value + 10)), Decimal(100)),
            by=self.manager,
            now=at,
        )

    # --- the others ---

    def staff_survey(self) -> None:
        """The staff, who are few."""
        survey = self.survey("staff", self.now - 60 * DAYS)
        wave = self.wave(survey, days_ago=50, sample=None)
        self.count(wave, Opinion(self.chance), share=0.85)

    def open_now(self) -> None:
        """A short one that runs until next week; the owner who can be tried has not answered."""
        survey = self.survey("pulse", self.now - 5 * DAYS)
        wave = self.wave(survey, days_ago=4, sample=None)
        self.fill(wave, Opinion(self.chance), 0.2)
