"""What may be told without telling on anybody: the only place that decides it (docs/adr/0021)."""

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Hashable, Iterable, Mapping, Sequence
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
    parts: Sequence[Mapping[Group, int]] = (),
) -> frozenset[Group]:
    """The groups that may be told apart: each is large enough, and so is what is left over.

    Of twenty answers, eight and ten told apart would leave two: whoever subtracts has them. So
    the smallest group that could be told is left out with them, and the next, until what is
    left over is nobody or enough. Groups that `may` not be told are left over in any case.
    Of each of the `parts`, too, nobody or enough are in a group, and left over.
    """

    def holds_apart(group: Group) -> bool:
        return counts[group] >= least and may(group) and is_enough(part[group] for part in every)

    def is_enough(numbers: Iterable[int]) -> bool:
        return all(number == 0 or number >= least for number in numbers)

    every = [Counter(counts), *(Counter(part) for part in parts)]
    told = sorted(filter(holds_apart, counts), key=lambda each: -counts[each])
    left = [part.total() - sum(part[group] for group in told) for part in every]
    while told and not is_enough(left):
        smallest = told.pop()
        left = [number + part[smallest] for number, part in zip(left, every, strict=True)]
    return frozenset(told)


def tell(
    atoms: Atoms, within: Container[Scope] | None = None, parts: Sequence[Atoms] = ()
) -> frozenset[Scope]:
    """Of whom something may be told that so many from here and there have answered.

    `within` is what may be told of the question that this one depends on: how many were asked
    this says what they had answered that. `parts` is how many were led by their answers to what
    (`tallying_asked`). Whatever anybody adds and subtracts of what is told, nobody or five
    people are left: communities and buildings lie within each other and are seen to step by
    step; groups that lie across them only as far as the two together hold.
    """

    def may(scope: Scope) -> bool:
        return scope != WHOLE and (within is None or scope in within)

    if not may_be_told(atoms, within):
        return frozenset()
    if any(0 < sum(part.values()) < LEAST for part in parts):
        return frozenset()
    places = _places(atoms, may, parts)
    by_group = _sums(atoms, _group_of)
    apart = kept(by_group, may=may, parts=[_sums(part, _group_of) for part in parts])
    groups = sorted(apart, key=lambda each: (-by_group[each], each.group))
    while groups and not all(
        holds(_crossing(part, places, frozenset(groups))) for part in (atoms, *parts)
    ):
        groups.pop()
    return frozenset({WHOLE, *places, *groups})


def may_be_told(atoms: Atoms, within: Container[Scope] | None = None) -> bool:
    """Whether anything may be told at all that so many have answered: of everybody at least."""
    return sum(atoms.values()) >= LEAST and (within is None or WHOLE in within)


def _group_of(atom: Scope) -> Scope:
    return Scope(group=atom.group)


def _sums(atoms: Atoms, of: Callable[[Scope], Scope]) -> Counter[Scope]:
    found: Counter[Scope] = Counter()
    for atom, count in atoms.items():
        found[of(atom)] += count
    return found


def _places(atoms: Atoms, may: Callable[[Scope], bool], parts: Sequence[Atoms]) -> frozenset[Scope]:
    """Communities, and within each that is told its buildings."""
    whole, *split = (_sums(part, lambda each: Scope(each.community)) for part in (atoms, *parts))
    found = kept(whole, may=may, parts=split)
    inside = [_inside(part) for part in (atoms, *parts)]
    for community in found:
        here, *others = (each[community] for each in inside)
        found |= kept(
            here, may=lambda place: place.building is not None and may(place), parts=others
        )
    return found


def _inside(atoms: Atoms) -> Mapping[Scope, Mapping[Scope, int]]:
    """How many from each building, by community."""
    found: dict[Scope, dict[Scope, int]] = defaultdict(dict)
    for place, count in _sums(atoms, lambda each: Scope(each.community, each.building)).items():
        found[Scope(place.community)][place] = count
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
