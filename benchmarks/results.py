"""What a wave of 100,000 answers to 50 questions costs: opening the box, counting, reading."""

from typing import Any

from benchmarks.agent import Agent
from benchmarks.figures import Figure
from benchmarks.servers import Installation, manage, settle
from benchmarks.world import Size
from config.translations import compile_translations

WORLD = Size("results", 0)
SLUG = "c001"
ANSWERS, QUESTIONS, BUILDINGS = 100_000, 50, 200
LONGEST_QUERIES = 500  # milliseconds of database time
MOST_MEMORY = 600  # MiB
LONGEST_MEASURING = 60  # seconds
TIMES = 10


def measure(found: Installation) -> list[Figure]:
    """A world of its own: one company, one wave."""
    compile_translations()
    found.create(WORLD.database)
    manage(found, WORLD.database, "migrate", "--verbosity", "0")
    manage(found, WORLD.database, "collectstatic", "--no-input", "--verbosity", "0")
    # Processes of their own: each one's memory is what that step needs.
    with Agent(found, WORLD.database) as agent:
        agent.ask("found", slugs=[SLUG])
        wave = agent.ask(
            "fill_box", slug=SLUG, answers=ANSWERS, questions=QUESTIONS, buildings=BUILDINGS
        )
    settle(found)
    with Agent(found, WORLD.database) as agent:
        counted = agent.ask("count_box", slug=SLUG, wave=wave)
    found.connect(WORLD.database).cursor().execute("VACUUM ANALYZE")
    with Agent(found, WORLD.database) as agent:
        tallied = agent.ask("tally_wave", slug=SLUG, wave=wave)
    found.connect(WORLD.database).cursor().execute("ANALYZE surveys_tally")
    with Agent(found, WORLD.database) as agent:
        measured = agent.ask("measure_wave", slug=SLUG, wave=wave)
    with Agent(found, WORLD.database) as agent:
        pages = {
            name: agent.ask(
                "result_page", slug=SLUG, path=f"/{SLUG}/surveys/waves/{wave}/{path}", times=TIMES
            )
            for name, path in PAGES.items()
        }
    return [*counting(counted, tallied), *measuring(measured), *reading(pages)]


PAGES = {
    "results of everybody": "results/",
    "communities side by side": "compare/?by=communities",
    "texts": "texts/?search=电梯",
    "index of everybody": "index/",
}


def counting(counted: dict[str, Any], tallied: dict[str, Any]) -> list[Figure]:
    return [
        Figure(
            f"Opening the box: {ANSWERS:,} answers to {QUESTIONS} questions",
            f"{ANSWERS / counted['seconds']:,.0f} answers/s, {counted['mib']:.0f} MiB at most",
            counted["seconds"],
            " s",
        ),
        Figure("Its memory", "of the process that counts", counted["mib"], " MiB", MOST_MEMORY),
        Figure(
            "Counting what may be told of them",
            f"{tallied['rows']:,} tallies, {tallied['mib']:.0f} MiB at most",
            tallied["seconds"],
            " s",
        ),
    ]


def measuring(measured: dict[str, Any]) -> list[Figure]:
    return [
        Figure(
            f"Measuring the satisfaction index of {ANSWERS:,} answers",
            f"{measured['rows']:,.0f} figures with their intervals, and the drivers",
            measured["seconds"],
            " s",
            LONGEST_MEASURING,
        ),
        Figure("Its memory", "of the process that measures", measured["mib"], " MiB", MOST_MEMORY),
    ]


def reading(pages: dict[str, dict[str, float]]) -> list[Figure]:
    return [
        Figure(
            f"The page “{name}”: database time",
            f"{each['statements']:.0f} statements of {each['tallies']:,} tallies;"
            f" the whole page {each['page']:.0f} ms",
            each["database"],
            " ms",
            LONGEST_QUERIES,
        )
        for name, each in pages.items()
    ]
