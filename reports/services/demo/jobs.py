"""A technician's day in the demo: jobs at every stage, with photos, materials and costs."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from PIL import Image, ImageDraw

from complaints.models import Category, Kind, Payer, Source, Stage, Ticket, Urgency
from complaints.services import handling, talking, working, working_costs
from complaints.services.filing import file_ticket
from notifications.models import Delivery
from notifications.models.delivery import DeliveryState
from reports.services.demo.estate import Houses
from reports.services.demo.history import Upload
from reports.services.demo.staff import Staff
from tenancy.models import Membership
from tenancy.services.actor import Actor, Via

# How long a job takes from door to door.
TURN = timedelta(minutes=50)


@dataclass(frozen=True, slots=True)
class Line:
    """A material of a job."""

    name: str
    quantity: str
    unit: str
    price: str


@dataclass(frozen=True, slots=True)
class Errand:
    """A job of the day: what about, how far it has come, and what it took."""

    category: str
    title: str
    words: str
    stage: str  # done, on_site, on_the_way, accepted, handed_over, free
    solution: str = ""
    minutes: int = 0
    fee: str = "0"
    payer: str = Payer.COMPANY
    lines: tuple[Line, ...] = ()
    hue: str = "#7d9a8c"


DAY: Sequence[Errand] = (
    Errand(
        "水管维修",
        "厨房水龙头关不紧",
        "水龙头一直滴水，关紧了也滴，晚上听着很响。",
        "done",
        "更换陶瓷阀芯和进水软管，试水 10 分钟无渗漏，请您留意一周。",
        35,
        "30.00",
        Payer.OWNER,
        (Line("陶瓷阀芯", "1", "个", "28.00"), Line("不锈钢软管", "2", "根", "18.50")),
        "#6f8ea3",
    ),
    Errand(
        "门窗维修",
        "单元门关不上",
        "单元门闭门器漏油，门一直开着，晚上不放心。",
        "done",
        "更换闭门器并调好关门速度，门能自动关严。",
        40,
        lines=(Line("闭门器", "1", "个", "126.00"),),
        hue="#8c7a62",
    ),
    Errand(
        "公共照明",
        "地下车库两盏灯不亮",
        "B1 靠近电梯厅的两盏灯都不亮，看不清台阶。",
        "on_site",
        lines=(Line("LED 灯管", "2", "支", "19.80"),),
        hue="#56616b",
    ),
    Errand("电路维修", "卫生间插座没电", "卫生间的插座突然没电，其他房间正常。", "on_the_way"),
    Errand("门窗维修", "阳台推拉门卡住", "推拉门推到一半就卡住了，老人推不动。", "accepted"),
    Errand("水管维修", "马桶水箱漏水", "水箱一直在进水，水表走个不停。", "accepted"),
    Errand("公共照明", "楼道感应灯常亮", "三楼的感应灯白天也不灭。", "handed_over"),
    Errand("水管维修", "洗衣机地漏返水", "洗衣服的时候地漏往外冒水。", "free"),
)


class Round:
    """One technician's day, told through the services that everybody uses."""

    def __init__(self, houses: Houses, staff: Staff, now: datetime) -> None:
        self.now, self.desk = now, Actor(staff.desk[0], Via.PAGE)
        self.me: Membership = staff.accounts["technician"]
        self.by = Actor(self.me, Via.PAGE)
        # Neighbours, so that the round can be walked.
        self.doors = houses.tenants[3::5]
        self.clock = now - 3 * TURN

    def tell(self) -> int:
        """The whole day; how many jobs there are."""
        categories = {row.name: row for row in Category.objects.filter(kind=Kind.REPAIR)}
        errands = [each for each in DAY if each.category in categories]
        for errand, (owner, unit) in zip(errands, self.doors, strict=False):
            ticket = file_ticket(
                kind=Kind.REPAIR,
                category=categories[errand.category],
                source=Source.PHONE,
                title=errand.title,
                description=errand.words,
                urgency=Urgency.NORMAL,
                unit=unit,
                owner=owner,
                by=self.desk,
                now=self.filed_at(errand),
            )
            self.go(ticket, errand)
        # What was told in the course of the day has left by now.
        Delivery.objects.filter(state=DeliveryState.WAITING).delete()
        return len(errands)

    def filed_at(self, errand: Errand) -> datetime:
        """In the morning; what nobody has taken yet, just now."""
        fresh = {"free": timedelta(minutes=6), "handed_over": timedelta(minutes=14)}
        return self.now - fresh.get(errand.stage, 4 * TURN)

    def go(self, ticket: Ticket, errand: Errand) -> None:
        """One job, as far as it has come."""
        if errand.stage == "free":
            return
        handed = ticket.created_at + timedelta(minutes=5)
        ticket = handling.assign(ticket=ticket, assignee=self.me, by=self.desk, now=handed)
        if errand.stage == "handed_over":
            return
        ticket = working.take(ticket=ticket, by=self.by, now=handed + timedelta(minutes=4))
        if errand.stage == "accepted":
            return
        if errand.stage == "on_the_way":
            working.set_off(ticket=ticket, by=self.by, now=self.now - timedelta(minutes=4))
            return
        self.work(ticket, errand)

    def work(self, ticket: Ticket, errand: Errand) -> None:
        """At the door, and perhaps done."""
        start, self.clock = self.clock, self.clock + TURN
        working.set_off(ticket=ticket, by=self.by, now=start)
        arrived = start + timedelta(minutes=8)
        working.arrive(ticket=ticket, by=self.by, now=arrived)
        self.photograph(ticket, Stage.BEFORE, errand, arrived + timedelta(minutes=1))
        for line in errand.lines:
            working_costs.add_material(
                ticket=ticket,
                name=line.name,
                quantity=Decimal(line.quantity),
                unit=line.unit,
                unit_price=Decimal(line.price),
                by=self.by,
                now=arrived + timedelta(minutes=20),
            )
        if errand.stage == "on_site":
            words = "配电箱在门卫室旁，钥匙向门岗领取。"
            talking.note(ticket=ticket, text=words, by=self.desk, now=arrived)
            return
        done = arrived + timedelta(minutes=errand.minutes)
        self.photograph(ticket, Stage.AFTER, errand, done)
        working.finish(
            ticket=ticket,
            solution=errand.solution,
            minutes=errand.minutes,
            labour_fee=Decimal(errand.fee),
            payer=errand.payer,
            by=self.by,
            now=done,
        )

    def photograph(self, ticket: Ticket, stage: Stage, errand: Errand, at: datetime) -> None:
        upload = Upload(snapshot(errand.hue, is_mended=stage == Stage.AFTER))
        working.add_photo(ticket=ticket, stage=stage, upload=upload, by=self.by, now=at)


def snapshot(hue: str, *, is_mended: bool) -> bytes:
    """A drawing of a wall with a fitting: with a stain below it, or clean."""
    image = Image.new("RGB", (960, 720), "#e4e0d6")
    draw = ImageDraw.Draw(image)
    for row in range(0, 720, 90):
        draw.line((0, row, 960, row), fill="#d3cec2", width=3)
        shift = 60 if row // 90 % 2 else 0
        for column in range(shift, 960, 120):
            draw.line((column, row, column, row + 90), fill="#d3cec2", width=3)
    if not is_mended:
        for number in range(9):
            box = (330 + number * 14, 330 + number * 22, 640 - number * 12, 690 - number * 10)
            draw.ellipse(box, fill=(168 - number * 7, 150 - number * 8, 120 - number * 8))
    draw.rounded_rectangle((360, 150, 600, 330), 36, fill=hue, outline="#3c4640", width=6)
    draw.ellipse((440, 200, 520, 280), fill="#f4f2ec", outline="#3c4640", width=6)
    if is_mended:
        draw.line((455, 240, 475, 262, 508, 222), fill="#0c6955", width=10)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()
