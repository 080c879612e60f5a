"""Drivers: which items move the whole.

What a regression of the whole on all items explains (R²) is shared out among them: each gets what
it adds, on average over all orders in which they could come. That is the value of Shapley (1953),
in regression the measure of Lindeman, Merenda and Gold (1980), "LMG"; unlike coefficients it
stays sensible where items go along with each other, as they always do.
"""

import itertools
import math
import warnings

import numpy as np
from numpy.typing import NDArray
from statsmodels.regression.linear_model import WLS
from statsmodels.stats.weightstats import DescrStatsW
from statsmodels.tools.sm_exceptions import SingularMatrixWarning

from surveys.measuring.terms import Driver, Drivers, Finding

Numbers = NDArray[np.float64]

FEWEST = 30  # answers, and so many for each item:
FOR_EACH = 5
ASKED_OF = 0.5  # of those who marked the whole; an item that fewer answered is left out
EXACTLY = 10  # up to so many items all orders are counted, beyond a sample of them is
ORDERS = 2000  # of that sample: shares are right within about one in a hundred
SEED = 1953  # the same answers give the same shares
ALIKE = 10  # variance inflation from which items can hardly be told apart
CHANCE = 0.05
RIDGE = 1e-9  # keeps two items that are marked just alike from dividing by nothing


def drivers(items: Numbers, whole: Numbers, weights: Numbers) -> Drivers:
    """What of `items` (a column each, NaN where nothing was said) moves `whole`."""
    marked = ~np.isnan(whole)
    items, whole, weights = items[marked], whole[marked], weights[marked]
    left_out: dict[int, str] = {}
    for column in range(items.shape[1]):
        if len(whole) and np.isnan(items[:, column]).mean() > 1 - ASKED_OF:
            left_out[column] = "asked_of_few"
    columns = [each for each in range(items.shape[1]) if each not in left_out]
    complete = ~np.isnan(items[:, columns]).any(axis=1)
    items, whole, weights = items[complete], whole[complete], weights[complete]
    for column in columns:
        if len(whole) and np.ptp(items[:, column]) == 0:
            left_out[column] = "all_alike"
    columns = [each for each in columns if each not in left_out]
    answered = len(whole)
    if answered < max(FEWEST, FOR_EACH * len(columns)):
        return Drivers(Finding.TOO_FEW, answered, left_out=left_out)
    if not columns or np.ptp(whole) == 0:
        return Drivers(Finding.ALL_ALIKE, answered, left_out=left_out)
    return _shared_out(items[:, columns], whole, weights / weights.mean(), columns, left_out)


def _shared_out(
    items: Numbers, whole: Numbers, weights: Numbers, columns: list[int], left_out: dict[int, str]
) -> Drivers:
    explained, chance = _regression(items, whole, weights)
    if not chance < CHANCE:
        return Drivers(Finding.NOTHING_MOVES, len(whole), explained, left_out=left_out)
    correlations = DescrStatsW(np.column_stack([items, whole]), weights=weights).corrcoef
    shares = importance(correlations)
    inflation = np.diag(np.linalg.inv(_steady(correlations[:-1, :-1])))
    found = [
        Driver(column, share, float(correlation), bool(twins > ALIKE))
        for column, share, correlation, twins in zip(
            columns,
            (shares / shares.sum()).tolist(),
            correlations[-1, :-1],
            inflation,
            strict=True,
        )
    ]
    found.sort(key=lambda each: (-each.share, each.item))
    return Drivers(Finding.FOUND, len(whole), explained, tuple(found), left_out)


def _regression(items: Numbers, whole: Numbers, weights: Numbers) -> tuple[float, float]:
    """R² of the whole on all items, and how probable one as large is by chance alone."""
    constant = np.ones(len(whole))
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # Twins among the items have no coefficients of their own; R² they have.
        warnings.simplefilter("ignore", SingularMatrixWarning)
        fit = WLS(whole, np.column_stack([constant, items]), weights=weights).fit()
        return float(fit.rsquared), float(fit.f_pvalue)


def importance(correlations: Numbers) -> Numbers:
    """Each item's part of R². The whole is the last row and column of `correlations`."""
    among = _steady(correlations)
    if len(among) - 1 <= EXACTLY:
        return _by_subsets(among)
    return _by_orders(among)


def _steady(correlations: Numbers) -> Numbers:
    return np.asarray(correlations + RIDGE * np.eye(len(correlations)))


def _by_subsets(among: Numbers) -> Numbers:
    """Exactly: what an item adds to each set of others, weighed by how many orders lead to it."""
    number = len(among) - 1
    explained = {
        chosen: _explained(among, chosen)
        for size in range(number + 1)
        for chosen in itertools.combinations(range(number), size)
    }
    shares = np.zeros(number)
    for chosen, before in explained.items():
        orders = (
            math.factorial(len(chosen)) * math.factorial(number - len(chosen) - 1)
            if (len(chosen) < number)
            else 0
        )
        for item in set(range(number)) - set(chosen):
            after = explained[tuple(sorted((*chosen, item)))]
            shares[item] += orders / math.factorial(number) * (after - before)
    return shares


def _explained(among: Numbers, chosen: tuple[int, ...]) -> float:
    """R² of the whole on some of the items."""
    if not chosen:
        return 0.0
    with_whole = among[-1, list(chosen)]
    return float(with_whole @ np.linalg.solve(among[np.ix_(chosen, chosen)], with_whole))


def _by_orders(among: Numbers) -> Numbers:
    """From a sample of orders, each also backwards (Castro, Gómez and Tejada, 2009).

    In the Cholesky factor of the correlations, put into an order, the squares of the last row are
    what each item adds to R² when it comes in that order.
    """
    number = len(among) - 1
    chance = np.random.default_rng(SEED)
    shares = np.zeros(number)
    for _each in range(ORDERS // 2):
        order = chance.permutation(number)
        for items in (order, order[::-1]):
            places = [*items, number]
            factor = np.linalg.cholesky(among[np.ix_(places, places)])
            shares[items] += factor[-1, :-1] ** 2
    return shares / ORDERS
