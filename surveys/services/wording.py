"""Words in another writing of Chinese, and a questionnaire in the language of its reader."""

import re
from dataclasses import replace
from functools import cache

from opencc import OpenCC

from surveys.questionnaire import Questionnaire

SIMPLIFIED, TRADITIONAL, ENGLISH = "zh-hans", "zh-hant", "en"
# With the words of Taiwan, not the characters alone.
WAYS = {(SIMPLIFIED, TRADITIONAL): "s2twp", (TRADITIONAL, SIMPLIFIED): "tw2sp"}

# Words that mean something else about homes than about computers, of which the tables think.
KEPT = {
    "社区": "社區", "设备": "設備", "文件": "文件", "窗口": "窗口", "程序": "程序",
    "运行": "運行", "循环": "循環", "对象": "對象", "项目": "項目", "支持": "支持",
    "审核": "審核", "调度": "調度", "发布": "發布", "打开": "打開", "类型": "類型",
    "权限": "權限", "全局": "全局", "局部": "局部", "高级": "高級", "参数": "參數",
    "联系": "聯繫", "账目": "帳目",
}  # fmt: skip
KEPT_WORDS = re.compile(f"({'|'.join(KEPT)})")


@cache
def _way(name: str) -> OpenCC:
    return OpenCC(name)  # loading its tables takes a moment, so once per process


def rewritten(text: str, source: str, target: str) -> str:
    """Chinese in the other writing."""
    way = _way(WAYS[source, target])
    if target != TRADITIONAL:
        return str(way.convert(text))
    parts = KEPT_WORDS.split(text)
    return "".join(KEPT.get(part) or way.convert(part) for part in parts if part)


def read_in(asked: Questionnaire, language: str, own: str) -> Questionnaire:
    """What is asked, in a language; `own` is the one it was written in.

    Where the other writing of Chinese says what the original does not say any more, the original
    is rewritten: nobody has looked it over, but it asks what everybody else is asked.
    """
    doubted = asked.stale.get(language, frozenset())
    if doubted and (own, language) in WAYS:
        texts = asked.texts()
        anew = {at: rewritten(texts[at], own, language) for at in doubted if at in texts}
        said = {**asked.translations.get(language, {}), **anew}
        asked = replace(
            asked,
            translations={**asked.translations, language: said},
            stale={**asked.stale, language: frozenset()},
        )
    return asked.in_language(language, own=own)


def traditional(text: str) -> str:
    """Simplified Chinese in Traditional characters."""
    return rewritten(text, SIMPLIFIED, TRADITIONAL)
