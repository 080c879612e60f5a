"""The categories every company begins with: four classes of complaints, and the other kinds."""

from collections.abc import Mapping
from dataclasses import dataclass

from complaints.models import ComplaintClass, Kind, Urgency
from tenancy.calendar import Measure, Span

DESK, ENGINEERING, ORDER, CLEANING, FINANCE = "客服部", "工程部", "秩序部", "保洁绿化部", "财务部"
NORMAL, URGENT, EMERGENCY = Urgency.NORMAL, Urgency.URGENT, Urgency.EMERGENCY
FACILITIES, SERVICE, CHARGES, INCIDENT = (
    ComplaintClass.FACILITIES,
    ComplaintClass.SERVICE,
    ComplaintClass.CHARGES,
    ComplaintClass.INCIDENT,
)


@dataclass(frozen=True, slots=True)
class FirstCategory:
    """A category as it is given to a new company."""

    kind: Kind
    complaint_class: str
    name: str
    name_en: str
    icon: str
    department: str
    urgency: Urgency = NORMAL


def _complaint(
    cls: ComplaintClass,
    name: str,
    name_en: str,
    icon: str,
    department: str,
    urgency: Urgency = NORMAL,
) -> FirstCategory:
    return FirstCategory(Kind.COMPLAINT, cls, name, name_en, icon, department, urgency)


def _other(
    kind: Kind, name: str, name_en: str, icon: str, department: str, urgency: Urgency = NORMAL
) -> FirstCategory:
    return FirstCategory(kind, "", name, name_en, icon, department, urgency)


CATEGORIES = (
    _complaint(FACILITIES, "电梯故障", "Lift", "elevator", ENGINEERING, URGENT),
    _complaint(FACILITIES, "供水排水", "Water and drains", "water", ENGINEERING),
    _complaint(FACILITIES, "供电照明", "Power and lighting", "light", ENGINEERING),
    _complaint(FACILITIES, "门禁对讲", "Doors and intercom", "door", ENGINEERING),
    _complaint(FACILITIES, "房屋渗漏", "Walls and leaks", "wall", ENGINEERING),
    _complaint(FACILITIES, "消防设施", "Fire equipment", "fire", ENGINEERING, URGENT),
    _complaint(SERVICE, "噪音扰民", "Noise", "noise", ORDER),
    _complaint(SERVICE, "停车秩序", "Parking", "parking", ORDER),
    _complaint(SERVICE, "治安秩序", "Security", "security", ORDER),
    _complaint(SERVICE, "清洁卫生", "Cleaning", "cleaning", CLEANING),
    _complaint(SERVICE, "绿化养护", "Gardens", "greening", CLEANING),
    _complaint(SERVICE, "虫鼠害", "Pests", "pest", CLEANING),
    _complaint(SERVICE, "服务态度", "Staff and service", "service", DESK),
    _complaint(CHARGES, "物业费", "Service charge", "fee", FINANCE),
    _complaint(CHARGES, "停车收费", "Parking fees", "parking", FINANCE),
    _complaint(CHARGES, "水电公摊", "Shared water and power", "fee", FINANCE),
    _complaint(CHARGES, "装修押金", "Renovation deposit", "fee", FINANCE),
    _complaint(INCIDENT, "电梯困人", "Trapped in a lift", "alarm", ENGINEERING, EMERGENCY),
    _complaint(INCIDENT, "水管爆裂", "Burst pipe", "pipe", ENGINEERING, EMERGENCY),
    _complaint(INCIDENT, "突然停电", "Power cut", "power", ENGINEERING, EMERGENCY),
    _complaint(INCIDENT, "火情烟雾", "Fire or smoke", "fire", ORDER, EMERGENCY),
    _complaint(INCIDENT, "高空抛物", "Objects thrown from above", "alarm", ORDER, URGENT),
    _other(Kind.REPAIR, "水管维修", "Plumbing", "pipe", ENGINEERING),
    _other(Kind.REPAIR, "电路维修", "Electrics", "power", ENGINEERING, URGENT),
    _other(Kind.REPAIR, "门窗维修", "Doors and windows", "door", ENGINEERING),
    _other(Kind.REPAIR, "墙面地面", "Walls and floors", "wall", ENGINEERING),
    _other(Kind.REPAIR, "公共照明", "Public lighting", "light", ENGINEERING),
    _other(Kind.SUGGESTION, "服务建议", "Service", "bulb", DESK),
    _other(Kind.SUGGESTION, "设施建议", "Facilities", "bulb", ENGINEERING),
    _other(Kind.PRAISE, "表扬员工", "A member of staff", "heart", DESK),
    _other(Kind.PRAISE, "表扬服务", "The service", "heart", DESK),
    _other(Kind.ENQUIRY, "费用咨询", "Charges", "fee", FINANCE),
    _other(Kind.ENQUIRY, "办事咨询", "How do I …?", "question", DESK),
    _other(Kind.IMPROVEMENT, "满意度改进", "Improvement after a survey", "improvement", DESK),
)

# Where three working days are too long, or cannot be kept honestly.
OWN_RESOLUTION: Mapping[tuple[str, str], Span] = {
    (Kind.COMPLAINT, "电梯困人"): Span(60, Measure.clock_minutes),
    (Kind.COMPLAINT, "房屋渗漏"): Span(7, Measure.working_days),
    (Kind.COMPLAINT, "服务态度"): Span(2, Measure.working_days),
    (Kind.COMPLAINT, "装修押金"): Span(5, Measure.working_days),
    (Kind.REPAIR, "公共照明"): Span(2, Measure.working_days),
}

# Working time that one ticket usually takes; an hour where nothing is said.
USUAL_MINUTES: Mapping[tuple[str, str], int] = {
    (Kind.COMPLAINT, "电梯故障"): 120,
    (Kind.COMPLAINT, "供水排水"): 90,
    (Kind.COMPLAINT, "房屋渗漏"): 240,
    (Kind.COMPLAINT, "消防设施"): 90,
    (Kind.COMPLAINT, "噪音扰民"): 45,
    (Kind.COMPLAINT, "停车秩序"): 30,
    (Kind.COMPLAINT, "清洁卫生"): 45,
    (Kind.COMPLAINT, "服务态度"): 45,
    (Kind.COMPLAINT, "物业费"): 30,
    (Kind.COMPLAINT, "停车收费"): 30,
    (Kind.COMPLAINT, "水电公摊"): 45,
    (Kind.COMPLAINT, "装修押金"): 45,
    (Kind.COMPLAINT, "水管爆裂"): 180,
    (Kind.COMPLAINT, "突然停电"): 90,
    (Kind.REPAIR, "电路维修"): 90,
    (Kind.REPAIR, "墙面地面"): 180,
    (Kind.REPAIR, "公共照明"): 45,
    (Kind.SUGGESTION, "服务建议"): 20,
    (Kind.SUGGESTION, "设施建议"): 30,
    (Kind.PRAISE, "表扬员工"): 10,
    (Kind.PRAISE, "表扬服务"): 10,
    (Kind.ENQUIRY, "费用咨询"): 15,
    (Kind.ENQUIRY, "办事咨询"): 15,
    (Kind.IMPROVEMENT, "满意度改进"): 240,
}
