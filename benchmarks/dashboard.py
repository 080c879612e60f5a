"""The manager's dashboard: kept figures beside a plain scan, the pass that counts, its price."""

from typing import Any

from benchmarks.agent import Agent
from benchmarks.figures import Figure
from benchmarks.servers import Installation, manage
from benchmarks.world import LARGEST, Size
from config.translations import compile_translations

TIMES = 30
LONGEST_PAGE = 500  # milliseconds
TIMES_QUICKER = 10
LONGEST_MINUTE = 2.0  # seconds for what changes in a busy minute
BUSY_MINUTE = 200  # tickets
MOST_PER_TICKET = 1.15


def measure(found: Installation, size: Size) -> list[Figure]:
    """One year of the largest company, a tenth of all tickets."""
    compile_translations()
    manage(found, size.database, "collectstatic", "--no-input", "--verbosity", "0")
    with Agent(found, size.database) as agent:
        counted = agent.ask("count_all", slug=LARGEST)
        found.connect(size.database).cursor().execute(
            "VACUUM ANALYZE complaints_figure, complaints_figurefact"
        )
        read = agent.ask("reading", slug=LARGEST, times=TIMES)
        if not read["same"]:
            raise ValueError("the kept figures are not those of the plain scan")
        narrowed = agent.ask("narrowed", slug=LARGEST, times=TIMES)
        if not narrowed["same"]:
            raise ValueError("the kept facts are not those counted live")
        pages = {
            name: agent.ask("page", slug=LARGEST, query=query, times=TIMES)
            for name, query in PAGES.items()
        }
        minute = agent.ask("passing", slug=LARGEST, tickets=BUSY_MINUTE)
        written = agent.ask("writing", slug=LARGEST, times=300)
    return [
        *reading_figures(read),
        *narrowed_figures(narrowed),
        *page_figures(pages),
        *keeping_figures(counted, minute, written),
    ]


def keeping_figures(
    counted: dict[str, float], minute: dict[str, float], written: dict[str, float]
) -> list[Figure]:
    """What it costs to keep the figures."""
    return [
        Figure(
            "Counting every day of the largest company anew",
            f"{counted['tickets']:,.0f} tickets, {counted['days']:.0f} days:"
            f" {counted['tickets'] / counted['seconds']:,.0f} tickets/s",
            counted["seconds"],
            " s",
        ),
        Figure(
            f"A pass after {BUSY_MINUTE} of the newest tickets changed",
            f"{minute['days']:.0f} days counted",
            minute["seconds"],
            " s",
            LONGEST_MINUTE,
        ),
        Figure(
            "Filing a ticket, with the mark of its day against without",
            f"{written['marked']:.2f} and {written['unmarked']:.2f} ms",
            written["marked"] / written["unmarked"],
            "×",
            MOST_PER_TICKET,
        ),
    ]


PAGES = {
    "this month": "?period=month",
    "this year, by building": "?period=year&by=building",
    "this year, one department": "?period=year&department={department}",
}


def reading_figures(read: dict[str, Any]) -> list[Figure]:
    """The same answer in three ways."""
    kept, scan, live = read["kept"]["p50"], read["scan"]["p50"], read["live"]["p50"]
    return [
        Figure(
            f"The figures of a year, {read['filed']:,} tickets, by six things: times quicker than"
            " a plain scan of the same answer",
            f"{kept:.1f} ms (p95 {read['kept']['p95']:.1f}) against {scan:,.0f} ms",
            scan / kept,
            "×",
            TIMES_QUICKER,
            at_least=True,
        ),
        Figure(
            "The same, everything counted live because nothing is kept",
            f"{live:,.0f} ms",
            live,
            " ms",
        ),
        Figure("What is open and late now", f"p50 {read['hands']['p50']:.1f} ms",
               read["hands"]["p50"], " ms"),
    ]  # fmt: skip


def narrowed_figures(narrowed: dict[str, Any]) -> list[Figure]:
    """One department, which kept figures do not tell apart."""
    kept, live = narrowed["kept"], narrowed["live"]["p50"]
    return [
        Figure(
            f"The figures of a year of one department, {narrowed['filed']:,} tickets, by six"
            " things, from the kept facts",
            f"p50 {kept['p50']:.0f}, p95 {kept['p95']:.0f} ms; counted live {live:,.0f} ms",
            kept["p95"],
            " ms",
            LONGEST_PAGE,
        )
    ]


def page_figures(pages: dict[str, dict[str, float]]) -> list[Figure]:
    return [
        Figure(
            f"The dashboard, {name}: the whole page",
            f"p50 {each['p50']:.0f}, p95 {each['p95']:.0f} ms",
            each["p95"],
            " ms",
            LONGEST_PAGE,
        )
        for name, each in pages.items()
    ]
