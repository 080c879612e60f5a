"""What may be told: an attacker gets everything that is told, and adds and subtracts it."""

from collections import Counter
from collections.abc import Iterable
from itertools import combinations
from uuid import UUID

from hypothesis import given, settings, strategies as st

from surveys.services.cells import LEAST, WHOLE, Scope, holds, tell

PRIME = 1_000_003


def place(number: int) -> UUID:
    return UUID(int=number)


@st.composite
def answerers(draw: st.DrawFn) -> Counter[Scope]:
    """Answers of a few communities with a few buildings, in groups across them; some of them
    without a building or a group, because too few have it in common."""
    found: Counter[Scope] = Counter()
    places = [Scope()]
    for community in range(1, draw(st.integers(1, 3)) + 1):
        places.append(Scope(place(community)))
        places += [
            Scope(place(community), place(10 * community + each))
            for each in range(draw(st.integers(0, 3)))
        ]
    for where in places:
        for group in ("", "a", "b", "c")[: draw(st.integers(1, 4))]:
            found[where._replace(group=group)] = draw(
                st.one_of(st.just(0), st.integers(0, 7), st.integers(0, 40))
            )
    return +found


def holding(scope: Scope, atom: Scope) -> bool:
    """Whether an answer from there is counted in what is told of this scope."""
    if scope.group:
        return atom.group == scope.group
    return scope in (WHOLE, Scope(atom.community), Scope(atom.community, atom.building))


def rank(rows: Iterable[list[int]]) -> int:
    """Of a matrix of noughts and ones, over a field so large that it hardly ever lies."""
    left = [list(row) for row in rows if any(row)]
    found = 0
    while left:
        pivot = left.pop()
        at = next((i for i, value in enumerate(pivot) if value % PRIME), None)
        if at is None:
            continue
        found += 1
        turn = pow(pivot[at], PRIME - 2, PRIME)
        left = [
            [(x - row[at] * turn * y) % PRIME for x, y in zip(row, pivot, strict=True)]
            for row in left
        ]
    return found


def isolated(atoms: Counter[Scope], told: Iterable[Scope]) -> list[tuple[Scope, ...]]:
    """Every handful of fewer than five people that some sum of what is told says something of.

    There is one exactly when the told sums without these people say less than with them.
    """
    names = list(atoms)
    rows = [[int(holding(scope, atom)) for atom in names] for scope in told]
    whole = rank(rows)
    small = [i for i, atom in enumerate(names) if atoms[atom] < LEAST]
    return [
        tuple(names[i] for i in few)
        for size in range(1, LEAST)
        for few in combinations(small, size)
        if sum(atoms[names[i]] for i in few) < LEAST
        and rank([[x for i, x in enumerate(row) if i not in few] for row in rows]) < whole
    ]


@given(answerers())
@settings(max_examples=150, deadline=None)
def test_no_sum_of_what_is_told_leaves_fewer_than_five(atoms: Counter[Scope]) -> None:
    told = tell(atoms)
    assert isolated(atoms, told) == []
    for scope in told:
        assert sum(n for atom, n in atoms.items() if holding(scope, atom)) >= LEAST


@given(answerers(), st.data())
@settings(max_examples=100, deadline=None)
def test_question_that_depends_on_another_is_told_nowhere_else(
    atoms: Counter[Scope], data: st.DataObject
) -> None:
    """How many were asked "why?" says how many were not content: where that is not told, neither
    is this; and of those who were not asked, too, nobody is singled out."""
    first = tell(atoms)
    asked = +Counter({atom: data.draw(st.integers(0, n)) for atom, n in atoms.items()})
    rest = +Counter({atom: n - asked[atom] for atom, n in atoms.items()})
    then = tell(asked, within=first, parts=[asked, rest])
    assert then <= first
    for part in (asked, rest):
        assert isolated(part, then) == []
        for scope in then:
            among = sum(n for atom, n in part.items() if holding(scope, atom))
            assert among == 0 or among >= LEAST


def test_buildings_are_told_within_their_community() -> None:
    one, two = place(1), place(2)
    atoms = {
        Scope(one, place(11)): 9, Scope(one, place(12)): 6, Scope(one): 5,
        Scope(two, place(21)): 8, Scope(two, place(22)): 3,
    }  # fmt: skip
    assert tell(atoms) == {
        WHOLE, Scope(one), Scope(one, place(11)), Scope(one, place(12)), Scope(two),
    }  # fmt: skip
    assert tell({Scope(one, place(11)): 4}) == frozenset()
    assert tell(atoms, within=frozenset()) == frozenset()
    assert tell(atoms, within={WHOLE, Scope(one)}) == {WHOLE, Scope(one)}


def test_group_that_two_buildings_almost_make_up_is_not_told() -> None:
    """A and B are sixteen, key customers are eighteen: the two others would stand alone."""
    a, b, c = (Scope(place(1), place(10 + each)) for each in range(3))
    atoms = {
        a._replace(group="key"): 8, b._replace(group="key"): 8, c._replace(group="key"): 2,
        c._replace(group="other"): 20,
    }  # fmt: skip
    assert tell(atoms) == {WHOLE, Scope(place(1)), a, b, c}
    assert isolated(Counter(atoms), [*tell(atoms), Scope(group="key")]) != []
    # With five in common it holds.
    more = {**atoms, c._replace(group="key"): 5}
    assert tell(more) == {
        WHOLE, Scope(place(1)), a, b, c, Scope(group="key"), Scope(group="other"),
    }  # fmt: skip


def test_ring_of_small_cells_is_told_because_nothing_comes_apart() -> None:
    """Cells of three in which no sum of rows and columns ever meets fewer than five alone."""
    ring = {
        (("place", p), ("group", g)): 3 for p in range(4) for g in range(3)
    }  # fmt: skip
    assert holds(ring)
    assert not holds({(("place", 1), ("group", 1)): 9, (("place", 1), ("group", 2)): 4})
