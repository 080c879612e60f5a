"""A large wave, inside a process of its own (`benchmarks.inside`): counted, tallied, and read."""

import json
import random
import resource
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from owners.models import Building
from surveys.models import (
    Ballot,
    Edition,
    IndexFigure,
    Stage,
    Survey,
    Tally,
    Wave,
    WaveStratum,
)
from surveys.questionnaire import Dimension
from surveys.services.box import count
from surveys.services.index import measure
from surveys.services.tallying import tally
from tenancy.fields import encrypt
from tenancy.models import Community, Company, Membership
from tenancy.permissions import Role
from tenancy.scope import company_scope
from tenancy.services.actor import Actor, Via

BACKEND = "django.contrib.auth.backends.ModelBackend"
AT_ONCE = 1000
SECTIONS = 10
WORDS = ("电梯经常停，维修太慢", "保安很负责，谢谢", "停车位不够", "夜里施工太吵", "😡")


def asked(questions: int) -> dict[str, Any]:
    """Of each ten: eight marks, one choice, one text. The marks make an index, but for one that
    is about the whole."""
    every = [
        {"key": f"q{at}", "kind": kind_of(at), "text": f"第{at}题", **choices_of(at), **of(at)}
        for at in range(questions)
    ]
    size = max(questions // SECTIONS, 1)
    parts = [every[at : at + size] for at in range(0, questions, size)]
    return {
        "sections": [
            {"key": f"s{at}", "title": f"第{at}部分", "questions": part}
            for at, part in enumerate(parts)
        ],
        "translations": {},
    }


def kind_of(at: int) -> str:
    return {8: "single", 9: "text"}.get(at % 10, "rating")


def choices_of(at: int) -> dict[str, Any]:
    if kind_of(at) != "single":
        return {}
    return {"choices": [{"key": f"c{each}", "text": f"选项{each}"} for each in range(5)]}


def of(at: int) -> dict[str, str]:
    dimensions = list(Dimension)
    is_item = at and kind_of(at) == "rating"
    return {"dimension": dimensions[at % len(dimensions)].value} if is_item else {}


def mark_of(at: int, chance: random.Random) -> list[Any]:
    match kind_of(at):
        case "single":
            return [f"q{at}", "", f"c{chance.randrange(5)}", None, ""]
        case "text":
            return [f"q{at}", "", "", None, chance.choice(WORDS)]
        case _:
            return [f"q{at}", "", "", str(chance.randint(1, 5)), ""]


def fill_box(slug: str, answers: int, questions: int, buildings: int) -> str:
    """A closed wave with so many ballots, from so many buildings in ten communities."""
    with company_scope(Company.objects.get(slug=slug).pk), transaction.atomic():
        now = timezone.now()
        places = Community.objects.bulk_create(Community(name=f"小区{at}") for at in range(10))
        houses = Building.objects.bulk_create(
            Building(community=places[at % 10], name=f"{at}栋") for at in range(buildings)
        )
        survey = Survey.objects.create(title="满意度调查", created_at=now)
        edition = Edition.objects.create(
            survey=survey, number=1, document=asked(questions), changed_at=now, frozen_on=now.date()
        )
        wave = Wave.objects.create(
            survey=survey, edition=edition, name="2026年", stage=Stage.CLOSED, seed="",
            opens_on=now.date(), closes_on=now.date() + timedelta(days=9), one_per="household",
            invited=answers * 2, created_at=now,
        )  # fmt: skip
        WaveStratum.objects.bulk_create(
            WaveStratum(
                wave=wave, community_id=each.community_id, building=each,
                population=answers * 2 // buildings, invited=answers * 2 // buildings,
            )
            for each in houses
        )  # fmt: skip
        lot: list[Ballot] = []
        for sealed in ballots(answers, questions, [str(each.pk) for each in houses]):
            lot.append(Ballot(wave=wave, sealed=sealed))
            if len(lot) == AT_ONCE:
                Ballot.objects.bulk_create(lot)
                lot = []
        Ballot.objects.bulk_create(lot)
        return str(wave.pk)


def ballots(answers: int, questions: int, houses: list[str]) -> Iterator[str]:
    """What people say, sealed."""
    chance = random.Random(20_261_122)
    for _ in range(answers):
        marks = [mark_of(at, chance) for at in range(questions)]
        place = chance.choice(houses)
        yield encrypt(json.dumps({"way": "link", "building": place, "group": "", "marks": marks}))


def timed(act: Callable[[], Any]) -> dict[str, float]:
    """How long it took, and how much memory the process has had at most so far."""
    began = time.perf_counter()
    found = act()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": time.perf_counter() - began, "rows": int(found), "mib": peak}


def manager_of() -> Membership:
    member: Membership = Membership.objects.with_role(Role.ADMIN).order_by("id")[0]
    return member


def count_box(slug: str, wave: str) -> dict[str, float]:
    """Open the box."""
    with company_scope(Company.objects.get(slug=slug).pk):
        by = Actor(manager_of(), Via.MACHINE, "")
        row = Wave.objects.get(pk=wave)
        return timed(lambda: count(wave=row, by=by, now=timezone.now()))


def tally_wave(slug: str, wave: str) -> dict[str, float]:
    """Count what may be told."""
    with company_scope(Company.objects.get(slug=slug).pk):
        return timed(lambda: tally(wave=Wave.objects.get(pk=wave)))


def measure_wave(slug: str, wave: str) -> dict[str, float]:
    """The satisfaction index with its intervals and drivers, of every place that may be told."""

    def act() -> int:
        measure(wave=Wave.objects.get(pk=wave), now=timezone.now())
        return IndexFigure.objects.count()

    with company_scope(Company.objects.get(slug=slug).pk):
        return timed(act)


def result_page(slug: str, path: str, times: int) -> dict[str, float]:
    """One page as its manager opens it: the statements and their time, and the whole."""
    with company_scope(Company.objects.get(slug=slug).pk):
        user = manager_of().user
        tallies = Tally.objects.count()
    client = Client()
    client.force_login(user, BACKEND)
    took, waited, statements = [], [], 0
    for _ in range(times + 1):
        with CaptureQueriesContext(connection) as captured:
            began = time.perf_counter()
            answer = client.get(path, headers={"Host": "localhost"})
            took.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answers {answer.status_code}")
        statements = len(captured)
        waited.append(sum(float(each["time"]) for each in captured.captured_queries) * 1000)
    return {
        "tallies": tallies,
        "statements": statements,
        "database": sorted(waited[1:])[-1],
        "page": sorted(took[1:])[len(took) // 2],
    }


ASKED: dict[str, Callable[..., Any]] = {
    "fill_box": fill_box,
    "count_box": count_box,
    "tally_wave": tally_wave,
    "measure_wave": measure_wave,
    "result_page": result_page,
}
