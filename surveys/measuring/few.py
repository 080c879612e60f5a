"""What a few answers do not show: how far a mean may be off when nobody in the sample differs.

Marks lie between two ends, and most of them near the upper one. Ten who are all content say
nothing of the one in twenty who is not: their spread is nothing, and so would be the interval,
which then holds the truth in 40 of 100 samples. So the spread is also taken with a few people more
who gave the lowest mark and as many who gave the highest (Agresti and Coull 1998; Agresti and Caffo
2000 for differences), and the larger of the two is believed. Only the spread: the mean stays what
was said, and of many answers, or of answers that differ, nothing changes.

Light: no numpy, for whoever shows a figure.
"""

BESIDE = 3  # people at either end


def variance_of_mean(
    value: float,
    variance: float,
    answers: float,
    ends: tuple[float, float],
    *,
    unheard: float = 1.0,
    people: float = 0,
) -> float:
    """The variance of a mean of marks between two ends, never less than so few answers allow.

    `variance` is what the answers show; `answers` how many of equal weight would show as much;
    `unheard` the share of people who said nothing: where it is 0 nothing is left to chance; and
    `people` how many there are, 0 for very many.
    """
    if unheard <= 0:
        return variance
    low, high = ends
    half = (high - low) / 2
    added = 2 * BESIDE
    everybody = answers + added
    # The squares that those beside add around the common mean of all, and what is known of it.
    squares = added * (half**2 + answers / everybody * (value - (low + high) / 2) ** 2)
    with_them = (answers**2 * variance + unheard * squares) / everybody**2
    # Means of few come in steps: between two of them lies one answer, and of all one person.
    step = half / people if people else 0.0
    return max(variance * (1 + 1 / answers), with_them) + step**2
