"""Which categories a text is likely about: by its words, and by what was decided before. Pure.

Chinese is not spaced: what is compared are pairs of signs, of other writing whole words.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Generic, TypeVar

Key = TypeVar("Key")
WORD = re.compile(r"[a-z0-9]{3,}|[\u3400-\u9fff]+")
MOST = 3
# What a word of a category's own name counts, in texts that were put to it.
OF_NAME = 3.0
LEAST = 0.75


def words_of(folded: str) -> set[str]:
    """Words, and of Chinese each pair of signs."""
    found: set[str] = set()
    for run in WORD.findall(folded):
        if run[0] < "\u3400":
            found.add(run)
        else:
            found.update(run[at : at + 2] for at in range(max(len(run) - 1, 1)))
    return found


class Suggester(Generic[Key]):
    """Learns from names and from texts that somebody has put to a category."""

    def __init__(
        self, names: Mapping[Key, Iterable[str]], decided: Iterable[tuple[str, Key]]
    ) -> None:
        self.weights: dict[str, dict[Key, float]] = defaultdict(lambda: defaultdict(float))
        for key, said in names.items():
            for name in said:
                for word in words_of(name):
                    self.weights[word][key] += OF_NAME
        for text, key in decided:
            if key in names:
                for word in words_of(text):
                    self.weights[word][key] += 1

    def of(self, folded: str) -> list[Key]:
        """The likeliest categories, never more than three.

        A word speaks for a category as far as it was said of that and of no other, and the more
        the oftener it was.
        """
        scores: dict[Key, float] = defaultdict(float)
        for word in words_of(folded):
            heard = self.weights.get(word)
            if heard:
                total = sum(heard.values())
                for key, weight in heard.items():
                    scores[key] += (weight / total) ** 2 * min(weight / OF_NAME, 1)
        likely = [(score, key) for key, score in scores.items() if score >= LEAST]
        return [key for _score, key in sorted(likely, key=lambda pair: -pair[0])[:MOST]]
