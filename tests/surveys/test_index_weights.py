"""The weights of the satisfaction index, version by version."""

from typing import Any

import pytest

from surveys.models import IndexWeights
from surveys.services.index import (
    WeightsAreEverybodys,
    WeightsChanged,
    WeightsNotWhole,
    set_weights,
    weights_now,
)
from tenancy.models import AuditEntry
from tests.factories.cast import TUESDAY, Cast
from tests.surveys.test_index import FACTS


def test_weights_are_set_in_versions_on_the_record(scoped: Cast) -> None:
    by: Any = {"by": scoped.actor("manager"), "now": TUESDAY}
    even = dict.fromkeys(FACTS, 20)

    second = set_weights(weights=even, **by)

    assert (second.number, second.by_dimension) == (2, even)
    assert set_weights(weights=even, **by).pk == second.pk  # nothing was changed
    assert [each.number for each in IndexWeights.objects.order_by("number")] == [1, 2]
    entry = AuditEntry.objects.get(action="set_index_weights")
    assert (entry.detail["before"], entry.detail["after"]) == (FACTS, even)
    with pytest.raises(WeightsNotWhole) as caught:
        set_weights(weights={**even, "empathy": 21}, **by)
    assert "101" in str(caught.value)
    with pytest.raises(WeightsNotWhole):
        set_weights(weights={**even, "empathy": -20, "tangibles": 60}, **by)


def test_two_who_set_weights_at_once_do_not_overwrite(
    scoped: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    by: Any = {"by": scoped.actor("manager"), "now": TUESDAY}
    first = weights_now(now=TUESDAY)
    set_weights(weights=dict.fromkeys(FACTS, 20), **by)
    monkeypatch.setattr("surveys.services.index.weights_now", lambda **_when: first)
    with pytest.raises(WeightsChanged):
        set_weights(weights={**FACTS, "empathy": 6, "assurance": 29}, **by)


def test_whoever_looks_after_some_communities_does_not_weigh_for_all(scoped: Cast) -> None:
    scoped.manager.all_communities = False
    with pytest.raises(WeightsAreEverybodys):
        set_weights(weights=dict.fromkeys(FACTS, 20), by=scoped.actor("manager"), now=TUESDAY)


def test_weights_begin_with_those_of_the_literature(scoped: Cast) -> None:
    first = weights_now(now=TUESDAY)
    assert first.by_dimension == {
        "reliability": 32, "responsiveness": 22, "assurance": 19, "empathy": 16, "tangibles": 11
    }  # fmt: skip
    assert weights_now(now=TUESDAY).pk == first.pk
