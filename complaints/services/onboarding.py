"""What a company promises, and by which categories it sorts, on its first day."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from complaints.models import Answer, Category, Promise, PromiseKind, ServicePolicy
from complaints.services.first_answers import ANSWERS
from complaints.services.first_categories import CATEGORIES, OWN_RESOLUTION, USUAL_MINUTES
from complaints.services.first_promises import PROMISES
from tenancy.models import Department
from tenancy.services.companies import NewCompany, create_company


def bring_on_board(*, slug: str, name: str, admin: str, **hours: Any) -> NewCompany:
    """A company that can take its first complaint at once; all of it or nothing.

    `hours` are those of `create_company`: zone, week, moves_weekends.
    """
    return create_company(slug=slug, name=name, admin=admin, **hours)


@transaction.atomic
def set_first_rules() -> None:
    """What a company that has just been founded sorts by, promises and says, see `receivers`."""
    categories = _categories()
    _promises(categories)
    _answers(categories)
    ServicePolicy().save(force_insert=True)


def _categories() -> Mapping[tuple[str, str], Category]:
    departments = {department.name: department for department in Department.objects.all()}
    rows = [
        Category(
            kind=each.kind,
            complaint_class=each.complaint_class,
            name=each.name,
            name_en=each.name_en,
            icon=each.icon,
            department=departments[each.department],
            urgency=each.urgency,
            usual_minutes=USUAL_MINUTES.get((each.kind, each.name), 60),
            position=position,
        )
        for position, each in enumerate(CATEGORIES)
    ]
    Category.objects.bulk_create(rows)
    return {(row.kind, row.name): row for row in rows}


def _promises(categories: Mapping[tuple[str, str], Category]) -> Sequence[Promise]:
    rows = [
        Promise(
            promise=each.promise,
            kind=each.kind,
            urgency=each.urgency,
            amount=each.amount,
            measure=each.measure,
        )
        for each in PROMISES
    ]
    rows += [
        Promise(
            promise=PromiseKind.RESOLUTION,
            category=categories[key],
            amount=span.amount,
            measure=span.measure,
        )
        for key, span in OWN_RESOLUTION.items()
    ]
    Promise.objects.bulk_create(rows)
    return rows


def _answers(categories: Mapping[tuple[str, str], Category]) -> None:
    Answer.objects.bulk_create(
        Answer(title=title, text=text, category=categories[key] if key else None)
        for title, text, key in ANSWERS
    )
