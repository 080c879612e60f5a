"""What people of the demo think, question by question."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from surveys.questionnaire import Kind, Question, Questionnaire, shown

# How content people are with something, from 1 to 5; what is not named here is in the middle.
MEANS: Mapping[str, float] = {
    "rel_time": 3.0, "rel_once": 3.5, "rel_promise": 3.6, "rel_fees": 3.7,
    "res_reach": 3.9, "res_call": 4.1, "res_progress": 3.1, "res_urgent": 4.0,
    "ass_polite": 4.3, "ass_skill": 3.9, "ass_safe": 3.8,
    "emp_listen": 3.7, "emp_elderly": 4.1, "emp_notice": 3.6,
    "clean": 4.0, "green": 3.9, "lifts": 3.3, "lights": 3.6, "parking": 2.7, "waste": 3.5,
    "tan_staff": 4.2, "pay": 3.0, "load": 3.2,
}  # fmt: skip
USUAL = 3.7
BETTER = 1.0  # where something was done about it
WISHES = (
    "电梯老是出故障，希望换新的或者彻底检修。", "停车位太少，晚上回来没地方停。",
    "报修约好的时间没人来，也没人说一声。", "希望楼道卫生每天打扫。", "充电桩能不能多装几个？",
    "绿化修剪得很好，谢谢。", "垃圾清运早一点，夏天味道大。", "快递柜不够用。",
    "门岗对陌生人查得不严。", "希望多给老人办点活动。", "物业费账目再公开细一些。",
    "维修师傅很耐心，点赞！", "小区路灯有几盏一直不亮。", "外来车辆停在消防通道上。",
    "保洁阿姨很辛苦，工作认真。", "电梯里的广告太多太吵。", "有事打电话能找到人，不错。",
    "儿童游乐设施旧了，注意安全。", "遛狗不牵绳的没人管。", "希望处理到哪一步了能告诉我们。",
    "装修噪音周末也有，请管一管。", "地下车库漏水一直没修好。", "总体满意 👍", "比去年进步很大。",
)  # fmt: skip


@dataclass
class Opinion:
    """Makes up answers: each person has a mood, each building its own, each thing its merit."""

    chance: random.Random
    better: frozenset[str] = frozenset()
    moods: dict[str, float] = field(default_factory=dict)

    def of(self, questionnaire: Questionnaire, place: str) -> dict[str, Any]:
        """What one person answers; not every question, and no photographs."""
        mood = self.chance.gauss(0, 0.45) + self.mood_of(place)
        said: dict[str, Any] = {}
        for question in questionnaire:
            if question.required or self.chance.random() > self.silence(question):
                said[question.key] = self.answer(question, mood)
        asked = {each.key for each in shown(questionnaire, said)}
        return {key: value for key, value in said.items() if key in asked and value is not None}

    def mood_of(self, place: str) -> float:
        if place not in self.moods:
            self.moods[place] = self.chance.gauss(0, 0.15)
        return self.moods[place]

    def silence(self, question: Question) -> float:
        """How often nothing is said to it."""
        return 0.72 if question.kind is Kind.TEXT else 0.04

    def answer(self, question: Question, mood: float) -> Any:
        choices = [each.key for each in question.choices]
        match question.kind:
            case Kind.RATING:
                return self.mark(question.key, mood)
            case Kind.MATRIX:
                return {row.key: self.mark(row.key, mood) for row in question.rows}
            case Kind.SCORE:
                return min(max(round(self.chance.gauss(7.2 + 1.8 * mood, 1.6)), 0), 10)
            case Kind.SINGLE:
                return self.chance.choice(choices)
            case Kind.MULTIPLE:
                return self.chance.sample(choices, min(len(choices), self.chance.randint(1, 3)))
            case Kind.RANKING:
                return self.chance.sample(choices, len(choices))
            case Kind.TEXT:
                return self.chance.choice(WISHES)
            case _:
                return None

    def mark(self, key: str, mood: float) -> int:
        mean = MEANS.get(key, USUAL) + (BETTER if key in self.better else 0)
        return min(max(round(self.chance.gauss(mean + mood, 0.75)), 1), 5)
