"""How a Chinese name sounds: what finds it from a keyboard, and what sorts a list of names."""

import re
from dataclasses import dataclass

from pypinyin import lazy_pinyin

from owners.services.folding import fold

# Characters that sound otherwise as a surname than in any other word.
SURNAMES = {
    "尉迟": ("yu", "chi"),
    "单于": ("chan", "yu"),
    "长孙": ("zhang", "sun"),
    "万俟": ("mo", "qi"),
    "澹台": ("tan", "tai"),
    "单": ("shan",),
    "曾": ("zeng",),
    "仇": ("qiu",),
    "解": ("xie",),
    "查": ("zha",),
    "区": ("ou",),
    "朴": ("piao",),
    "盖": ("ge",),
    "缪": ("miao",),
    "覃": ("qin",),
    "翟": ("zhai",),
    "黑": ("he",),
    "员": ("yun",),
    "祭": ("zhai",),
    "卜": ("bu",),
    "折": ("she",),
    "种": ("chong",),
    "召": ("shao",),
    "繁": ("po",),
    "洗": ("xian",),
    "逄": ("pang",),
    "乐": ("yue",),
}
LONGEST_PERSON = 4  # a longer name is a firm's, and has no surname
SEARCH_LENGTH, SORT_LENGTH = 300, 120


@dataclass(frozen=True, slots=True)
class Sound:
    """A name made comparable."""

    search_text: str
    sort_key: str


def sound_of(name: str) -> Sound:
    """What a search compares a name by (itself, its pinyin, its initials), and its sort key."""
    plain = squeeze(name)
    said = syllables(plain)
    pinyin, initials = "".join(said), "".join(syllable[0] for syllable in said)
    words = dict.fromkeys([plain, pinyin, initials])
    return Sound(" ".join(words)[:SEARCH_LENGTH], " ".join(said)[:SORT_LENGTH])


def squeeze(text: str) -> str:
    """Folded and without spaces: names are typed with and without them."""
    return fold(text).replace(" ", "")


def syllables(name: str) -> list[str]:
    """A folded name as it is said; what is not Chinese stays as it is, word by word."""
    surname = next((each for each in SURNAMES if name.startswith(each)), "")
    if len(name) > LONGEST_PERSON:
        surname = ""
    said = [*SURNAMES.get(surname, ()), *lazy_pinyin(name[len(surname) :])]
    return [part for part in (re.sub(r"\s", "", each) for each in said) if part]
