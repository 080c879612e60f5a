"""People who do not exist.

Their telephone numbers lie in 1740 0…, a range of satellite telephones that no owner has; their
identity numbers belong to people born in the nineteenth century.
"""

import random
from dataclasses import dataclass

from stdnum.cn import ric

SURNAMES = (
    *"王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋",
    *"蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万",
    *"段雷钱汤尹黎易常武乔贺赖龚文单仇解查区",
    "欧阳", "上官", "司马", "诸葛", "尉迟",
)  # fmt: skip
FIRST = (
    "安柏承春德恩凤国海和宏华惠佳嘉建锦景静君俊兰立丽明铭慕宁培"
    "琪清荣瑞若绍诗书思天文希晓欣秀雅彦怡永宇雨玉远泽正志致子"
)
SECOND = (
    "安邦冰波昌晨诚川丹芳飞枫刚贵涵豪衡红鸿洁捷军凯康兰乐磊莉良琳龙梅敏楠"
    "宁鹏平萍强勤然蓉山珊生涛婷彤威薇贤祥雪妍艳阳漪英莹勇岳云哲珍芝舟卓"
)
DISTRICT = "110101"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as they would introduce themselves."""

    name: str
    phone: str
    id_number: str


def crowd(seed: int, size: int, *, first: int = 0) -> list[Person]:
    """So many people of a crowd that has no end, from the given one on."""
    rng = random.Random(seed)  # noqa: S311  the same people every time
    return [_person(rng, number) for number in range(first + size)][first:]


def names(seed: int) -> list[str]:
    """Names of staff, enough for any company here."""
    rng = random.Random(seed)  # noqa: S311
    return list(dict.fromkeys(_name(rng) for _ in range(60)))


def _person(rng: random.Random, number: int) -> Person:
    # 7919 and a million have no common factor: every number has a tail of its own.
    phone = f"+8617400{(1234 + number * 7919) % 1_000_000:06d}"
    id_number = _id_number(rng) if rng.random() < 1 / 3 else ""
    return Person(_name(rng), phone, id_number)


def _name(rng: random.Random) -> str:
    return f"{rng.choice(SURNAMES)}{rng.choice(FIRST)}{rng.choice(SECOND)}"


def _id_number(rng: random.Random) -> str:
    born = f"18{rng.randint(60, 99)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"
    body = f"{DISTRICT}{born}{rng.randint(1, 999):03d}"
    return f"{body}{ric.calc_check_digit(f'{body}0')}"


def staff_phone(block: int, number: int) -> str:
    """The number of one company's nth member of staff; a block per company."""
    return f"+86174009{block * 1000 + number:05d}"
