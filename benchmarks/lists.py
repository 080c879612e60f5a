"""The API's list and the desk's queue page: flat as everything grows, and beside bare SQL."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from benchmarks.agent import Agent
from benchmarks.figures import Figure, against
from benchmarks.load import Client, Sample, getting, rounds
from benchmarks.servers import Installation, web
from benchmarks.sql_clients import Reader, read_api_list, read_one_table, read_queue, reading
from benchmarks.world import LARGEST, SAME, Size

FLAT = 1.3
MOST_QUERIES = 6


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a run takes for each arm, and how often."""

    seconds: float
    times: int


@dataclass(frozen=True, slots=True)
class Kind:
    """A list that is measured."""

    name: str
    path: str
    mark: bytes  # stands in the answer once for each row
    read: Reader
    times_sql: float  # at most so many times slower than bare SQL
    headers: Callable[[Agent, str], dict[str, str]]


def with_token(agent: Agent, slug: str) -> dict[str, str]:
    return {"Authorization": f"Token {agent.ask('token', slug=slug)}"}


def with_session(agent: Agent, slug: str) -> dict[str, str]:
    return {"Cookie": f"sessionid={agent.ask('session', slug=slug)}"}


API = Kind(
    "API list of 50 open tickets by due time",
    "/{slug}/api/v1/tickets/?status=open&ordering=next_due_at",
    b'"next_due_at"',
    read_api_list,
    25,
    with_token,
)
QUEUE = Kind(
    "Desk queue page of 50", "/{slug}/queue/", b'class="queue-row"', read_queue, 80, with_session
)


def measure(found: Installation, small: Size, large: Size, pace: Pace) -> list[Figure]:
    """Both lists, on the smallest and the largest installation."""
    figures = []
    with ExitStack() as stack:
        ports = {size: stack.enter_context(web(found, size)) for size in {small, large}}
        for kind in (API, QUEUE):
            figures += measure_one(found, kind, (small, large), ports, pace)
    return figures


def measure_one(
    found: Installation,
    kind: Kind,
    sizes: tuple[Size, Size],
    ports: dict[Size, int],
    pace: Pace,
) -> list[Figure]:
    small, large = sizes
    places = {"small": (small, LARGEST), "same": (large, SAME), "large": (large, LARGEST)}
    arms: dict[str, Client] = {}
    asked: list[dict[str, str]] = []
    for name, (size, slug) in places.items():
        path = kind.path.format(slug=slug)
        with Agent(found, size.database) as agent:
            headers = kind.headers(agent, slug)
            asked = agent.ask("queries", slug=slug, path=path, headers=headers)
        arms[name] = getting(ports[size], path, headers, kind.mark, 50)
        arms[f"{name} sql"] = reading(found, size.database, slug, kind.read)
    if kind is API:
        arms["one table"] = reading(found, large.database, LARGEST, read_one_table)
    samples = rounds(arms, pace.seconds, pace.times)
    return lines(kind, small, large, samples, asked)


def lines(
    kind: Kind, small: Size, large: Size, samples: dict[str, Sample], asked: list[dict[str, str]]
) -> list[Figure]:
    """The table's lines about one list."""
    facts = {name: sample_facts(sample) for name, sample in samples.items()}
    target = MOST_QUERIES if kind is API else None
    questions = Figure(
        f"{kind.name}: queries", "one request", len(asked), "", target, facts={"asked": asked}
    )
    return [*growth(kind, small, large, samples, facts), *beside_sql(kind, samples), questions]


def growth(
    kind: Kind,
    small: Size,
    large: Size,
    samples: dict[str, Sample],
    facts: dict[str, dict[str, float]],
) -> list[Figure]:
    """Whether the list gets slower as its company, or only the installation, grows."""
    base, same, most = samples["small"], samples["same"], samples["large"]
    flat = FLAT if small is not large else None
    return [
        Figure(
            f"{kind.name}: the company of {large.largest:,} among {large.tickets:,} against one"
            f" of {small.largest:,} among {small.tickets:,}",
            f"{most.rate:,.0f}/s (p50 {most.p50:.1f}, p95 {most.p95:.1f} ms) against"
            f" {base.rate:,.0f}/s (p50 {base.p50:.1f} ms)",
            base.rate / most.rate,
            "×",
            flat,
            facts=facts,
        ),
        Figure(
            f"{kind.name}: the same company among {large.tickets:,} against {small.tickets:,}",
            f"{same.rate:,.0f}/s against {base.rate:,.0f}/s",
            base.rate / same.rate,
            "×",
            flat,
        ),
    ]


def beside_sql(kind: Kind, samples: dict[str, Sample]) -> list[Figure]:
    """How many times slower the list is than the same in bare SQL."""
    most, bare = samples["large"], samples["large sql"]
    figures = [
        against(
            f"{kind.name}: times slower than the same in bare SQL",
            f"{most.rate:,.0f}/s, bare SQL {bare.rate:,.0f}/s (p50 {bare.p50:.1f} ms)",
            most.rate / bare.rate,
            kind.times_sql,
        ),
    ]
    if "one table" in samples:
        least = samples["one table"]
        figures.append(
            Figure(
                f"{kind.name}: times slower than 50 rows of the ticket table alone",
                f"{most.rate:,.0f}/s, bare SQL {least.rate:,.0f}/s",
                least.rate / most.rate,
                "×",
            )
        )
    return figures


def sample_facts(sample: Sample) -> dict[str, float]:
    return {
        "rate": round(sample.rate, 1),
        "p50_ms": round(sample.p50, 2),
        "p95_ms": round(sample.p95, 2),
        "count": sample.count,
    }
