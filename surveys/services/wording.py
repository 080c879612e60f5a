"""Proposals for words in another writing."""

from functools import cache

from opencc import OpenCC


@cache
def _to_traditional() -> OpenCC:
    return OpenCC("s2twp")  # loading its tables takes a moment, so once per process


def traditional(text: str) -> str:
    """Simplified Chinese in Traditional characters, with the words of Taiwan; to be looked over."""
    found: str = _to_traditional().convert(text)
    return found
