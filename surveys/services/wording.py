"""Proposals for words in another writing, to be looked over."""

from functools import cache

from opencc import OpenCC

SIMPLIFIED, TRADITIONAL, ENGLISH = "zh-hans", "zh-hant", "en"
# With the words of Taiwan, not the characters alone.
WAYS = {(SIMPLIFIED, TRADITIONAL): "s2twp", (TRADITIONAL, SIMPLIFIED): "tw2sp"}


@cache
def _way(name: str) -> OpenCC:
    return OpenCC(name)  # loading its tables takes a moment, so once per process


def rewritten(text: str, source: str, target: str) -> str:
    """Chinese in the other writing."""
    found: str = _way(WAYS[source, target]).convert(text)
    return found


def traditional(text: str) -> str:
    """Simplified Chinese in Traditional characters."""
    return rewritten(text, SIMPLIFIED, TRADITIONAL)
