"""What may be told without telling on anybody: the only place that decides it (docs/adr/0021)."""

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Hashable, Iterable, Mapping
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

Group = TypeVar("Group", bound=Hashable)
LEAST = 5  # answers in anything that is shown, stored with a place, or left over beside it


class Scope(NamedTuple):
    """Of whom something is told: of everybody, of a place, or of a group."""

    community: UUID | None = None
    building: UUID | None = None
    group: str = ""


WHOLE = Scope()
# How many answers came from where: the finest that is known of an answer is all three of a scope.
Atoms = Mapping[Scope, int]
Node = tuple[str, Any]


def kept(
    counts: Mapping[Group, int],
    least: int = LEAST,
    may: Callable[[Group], bool] = lambda _group: True,
) -> frozenset[Group]:
    """The groups that may be told apart: each is large enough, and so is what is left over.

    Of twenty answers, eight and ten told apart would leave two: whoever subtracts has them. So
    the smallest group that could be told is left out with them, and the next, until what is
    left over is nobody or enough. Groups that `may` not be told are left over in any case.
    """
    told = {group: count for group, count in counts.items() if count >= least and may(group)}
    left = sum(count for group, count in counts.items() if group not in told)
    for group in sorted(told, key=lambda each: told[each]):
        if left == 0 or left >= least:
            break
        left += told.pop(group)
    return frozenset(told)


def tell(atoms: Atoms, within: Container[Scope] | None = None) -> frozenset[Scope]:
    """Of whom something may be told that so many from here and there have answered.

    `within` is what may be told of the question that this one depends on: how many were asked
    this says what they had answered that. Whatever anybody adds and subtracts of what is told,
    nobody or five people are left: communities and buildings lie within each other and are
    seen to step by step; groups that lie across them only as far as the two together hold.
    """

    def may(scope: Scope) -> bool:
        return scope != WHOLE and (within is None or scope in within)

    if sum(atoms.values()) < LEAST or (within is not None and WHOLE not in within):
        return frozenset()
    places = _places(atoms, may)
    by_group = _sums(atoms, lambda each: Scope(group=each.group))
    groups = sorted(kept(by_group, may=may), key=lambda each: (-by_group[each], each.group))
    while groups and not holds(_crossing(atoms, places, frozenset(groups))):
        groups.pop()
    return frozenset({WHOLE, *places, *groups})


def _sums(atoms: Atoms, of: Callable[[Scope], Scope]) -> Counter[Scope]:
    found: Counter[Scope] = Counter()
    for atom, count in atoms.items():
        found[of(atom)] += count
    return found


def _places(atoms: Atoms, may: Callable[[Scope], bool]) -> frozenset[Scope]:
    """Communities, and within each that is told its buildings."""
    found = kept(_sums(atoms, lambda each: Scope(each.community)), may=may)
    inside: dict[Scope, dict[Scope, int]] = defaultdict(dict)
    for place, count in _sums(atoms, lambda each: Scope(each.community, each.building)).items():
        inside[Scope(place.community)][place] = count
    for community in found:
        buildings = kept(
            inside[community], may=lambda place: place.building is not None and may(place)
        )
        found |= buildings
    return found


def _crossing(
    atoms: Atoms, places: frozenset[Scope], groups: frozenset[Scope]
) -> Counter[tuple[Node, Node]]:
    """How many answers each told place and each told group have in common."""
    found: Counter[tuple[Node, Node]] = Counter()
    for atom, count in atoms.items():
        by_place = (Scope(atom.community, atom.building), Scope(atom.community))
        place = next((each for each in by_place if each in places), WHOLE)
        group = Scope(group=atom.group)
        found[("place", place), ("group", group if group in groups else WHOLE)] += count
    return +found


def holds(crossing: Mapping[tuple[Node, Node], int], least: int = LEAST) -> bool:
    """Whether nobody gets at fewer than `least` by adding and subtracting rows and columns.

    What is told are sums of rows and of columns. Such sums leave a few answers over exactly when
    taking those answers away makes the table fall into two parts without a common row or column:
    a cut, in the words of graphs, between parts that were joined by fewer than `least`. Looked
    for after Nagamochi and Ibaraki (1992): in an order in which each next is the one most
    strongly joined to those before, what is joined by `least` is never cut and becomes one.
    """
    edges = dict(crossing)
    while edges:
        neighbours: dict[Node, Counter[Node]] = defaultdict(Counter)
        for (one, other), weight in edges.items():
            neighbours[one][other] += weight
            neighbours[other][one] += weight
        if any(sum(each.values()) < least for each in neighbours.values()):
            return False
        edges = _joined(edges, _inseparable(neighbours, least))
    return True


def _inseparable(
    neighbours: Mapping[Node, Counter[Node]], least: int
) -> Iterable[tuple[Node, Node]]:
    """Pairs that no cut below `least` parts; of what hangs together, one at least."""
    bound: Counter[Node] = Counter()
    seen: set[Node] = set()
    for start in neighbours:
        heap = [(0, 0, start)]
        number = 0
        while heap:
            _strength, _number, node = heapq.heappop(heap)
            if node in seen:
                continue
            seen.add(node)
            for other, weight in neighbours[node].items():
                if other not in seen:
                    bound[other] += weight
                    number += 1
                    heapq.heappush(heap, (-bound[other], number, other))
                    if bound[other] >= least:
                        yield node, other


def _joined(
    edges: Mapping[tuple[Node, Node], int], pairs: Iterable[tuple[Node, Node]]
) -> dict[tuple[Node, Node], int]:
    """The same with each pair become one."""
    parent: dict[Node, Node] = {}

    def root(node: Node) -> Node:
        while node in parent:
            node = parent[node]
        return node

    for one, other in pairs:
        if root(one) != root(other):
            parent[root(one)] = root(other)
    found: Counter[tuple[Node, Node]] = Counter()
    for (one, other), weight in edges.items():
        if root(one) != root(other):
            found[root(one), root(other)] += weight
    return dict(found)
