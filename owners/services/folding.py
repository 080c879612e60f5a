"""Making texts comparable: what somebody types finds what somebody else wrote."""

import unicodedata
from functools import lru_cache

from opencc import OpenCC


@lru_cache(maxsize=1)
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")  # loading its tables takes a moment, so once per process


def fold(text: str) -> str:
    """Lower case, full-width to half-width, Traditional to Simplified, single spaces."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return str(_to_simplified().convert(" ".join(plain.split())))
