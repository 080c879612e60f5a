"""The demo world as tests ask for it: smaller, and at a known time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from reports.services.demo.company import Blueprint, Estate
from tenancy.models import Company
from tenancy.scope import company_scope
from tests.factories.cast import SHANGHAI

MORNING = datetime(2026, 11, 10, 10, 20, tzinfo=SHANGHAI)


def small(blueprint: Blueprint) -> Blueprint:
    """The same company with fewer of everything, for tests that ask how and not how many."""
    estates = [Estate(each.name, each.address, 2, 2, 6, 2) for each in blueprint.estates]
    return replace(blueprint, tickets=60, scenes=1, accounts_until=40, estates=tuple(estates))


@contextmanager
def inside(slug: str) -> Iterator[Company]:
    company = Company.objects.get(slug=slug)
    with company_scope(company.id):
        yield company


def each_company() -> Iterator[Company]:
    for slug in ("jinxiu", "heyue"):
        with inside(slug) as company:
            yield company
