"""What owners say and staff answer. The matters themselves are in `matters.tsv`."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

MATTERS = Path(__file__).with_name("matters.tsv")


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that goes wrong in a category: how it is told, and how it ends.

    {place} in a title stands for the building and its staircase.
    """

    title: str
    words: str
    solution: str


@cache
def matters() -> Mapping[str, tuple[Matter, ...]]:
    """What happens in each category, by the category's name."""
    found: dict[str, tuple[Matter, ...]] = {}
    with MATTERS.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows, delimiter="\t"):
            matter = Matter(row["title"], row["words"], row["solution"])
            found[row["category"]] = (*found.get(row["category"], ()), matter)
    return found


CALL_NOTES: Mapping[str, tuple[str, ...]] = {
    "reached_satisfied": (
        "业主表示认可，感谢及时联系。",
        "已说明处理安排，业主满意。",
        "业主说已经好了，谢谢。",
    ),
    "reached_unsatisfied": (
        "业主认为拖得太久，希望尽快。",
        "业主不满意，要求主管跟进。",
        "业主说问题又出现了。",
    ),
    "no_answer": ("响铃无人接听。", "两次拨打均无人接听。"),
    "busy": ("正在通话中。", "对方忙，稍后再拨。"),
    "wrong_number": ("接听人说不是本人，待核实号码。",),
    "declined": ("业主说不用回访，按流程处理即可。",),
}

NOTES = (
    "已电话联系维保单位，约定下午到场。",
    "现场查看过，需要两个人配合。",
    "材料库房有货，领料单已开。",
    "业主白天上班，晚上六点后方便上门。",
    "同一单元上月报过类似问题，注意排查根因。",
)
OWNER_WORDS = (
    "请问大概什么时候能来？",
    "今天下午家里有人。",
    "麻烦快一点，谢谢。",
    "我又拍了一段视频，可以加微信发给你们。",
)
STAFF_WORDS = (
    "您好，已安排师傅，今天下午上门。",
    "正在协调，稍后给您电话。",
    "配件明天到货，到货即修。",
)
PAUSE_NOTES: Mapping[str, tuple[str, ...]] = {
    "owner": ("业主出差，约定回来后上门。", "等业主确认方案。"),
    "part": ("配件已订货，预计三天到。", "等厂家寄主板。"),
    "third_party": ("等供水公司停水窗口。", "等维保单位排期。", "等保险公司定损。"),
}
PRAISE = ("处理得很快，谢谢！", "师傅很专业。", "态度很好。", "满意。", "这次比以前快多了。", "")
COMPLAINTS = ("修了又坏。", "等得太久了。", "没有彻底解决。", "来的人说不清楚原因。")
