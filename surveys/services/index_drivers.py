"""Which items move the whole, as a report keeps it.

Loaded only by whoever measures, as `index_measuring` is.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from surveys.measuring.driving import drivers
from surveys.measuring.estimating import Numbers
from surveys.measuring.terms import Driver, Drivers, Finding
from surveys.services.index_items import Item
from surveys.services.index_measuring import Figure, Measurement
from surveys.services.index_rows import floats


def drivers_of(measurement: Measurement, everybody: Sequence[Figure]) -> dict[str, Any]:
    """What moves the mark of the whole: the items, or where few answered all of them, dimensions.

    `everybody` are the figures of all who were asked.
    """
    if measurement.whole is None:
        return {"finding": Finding.NO_WHOLE.value}
    whole = measurement.answers.column(len(measurement.items))
    marks = floats(measurement.marks)
    found = drivers(marks, whole, measurement.row_weights)
    columns = measurement.items
    if found.finding is Finding.TOO_FEW and len(measurement.weights) > 1:
        columns = [Item("", "", name) for name in measurement.weights]
        means = np.column_stack([_mean(marks, measurement, name) for name in measurement.weights])
        found = drivers(means, whole, measurement.row_weights)
    return _told(measurement.whole, columns, found, everybody)


def _mean(marks: Numbers, measurement: Measurement, dimension: str) -> Numbers:
    """Each answer's own mean of a dimension, of whatever was marked of it."""
    own = marks[:, [each.dimension == dimension for each in measurement.items]]
    said = (~np.isnan(own)).sum(axis=1)
    none = np.full(len(own), np.nan)
    mean: Numbers = np.divide(np.nansum(own, axis=1), said, out=none, where=said > 0)
    return mean


def _told(
    whole: Item, columns: Sequence[Item], found: Drivers, everybody: Sequence[Figure]
) -> dict[str, Any]:
    means = _means(everybody)
    rows = [_row(columns[each.item], each, means) for each in found.drivers]
    average = sum(row["value"] for row in rows) / len(rows) if rows else 0
    for row in rows:
        # Marked low, and of more than its share in what moves the whole: here work pays most.
        row["is_lever"] = row["value"] < average and row["share"] > 1 / len(rows)
    return {
        "finding": found.finding.value,
        "whole": whole.question,
        "answered": found.answered,
        "explained": round(found.explained, 4),
        "drivers": rows,
        "left_out": [
            {**_name(columns[number]), "reason": reason}
            for number, reason in sorted(found.left_out.items())
        ],
    }


def _row(item: Item, found: Driver, means: dict[tuple[str, str, str], tuple[float, int]]) -> Any:
    value, n = means[item.question, item.row, item.dimension]
    return {
        **_name(item),
        "share": round(found.share, 4),
        "correlation": round(found.correlation, 4),
        "is_shared": found.is_shared,
        "value": float(value),
        "n": n,
        # A strong driver with much room above it comes first.
        "priority": round(found.share * (100 - value), 2),
    }


def _name(item: Item) -> dict[str, str]:
    return {"question": item.question, "row": item.row, "dimension": item.dimension}


def _means(everybody: Sequence[Figure]) -> dict[tuple[str, str, str], tuple[float, int]]:
    """Of each item and each dimension, from 0 to 100, and how many answered it."""
    found: dict[tuple[str, str, str], tuple[float, int]] = {}
    for figure in everybody:
        estimate = figure.estimate
        found["", "", figure.dimension] = (estimate.value, estimate.answered)
        for item in figure.items:
            key = (item["question"], item["row"], item["dimension"])
            found[key] = ((item["mean"] - 1) * 25, item["n"])
    return found
