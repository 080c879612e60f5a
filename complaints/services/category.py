"""The categories of a company: added, renamed, moved, laid aside."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from complaints.models import Category
from tenancy.services.actor import Actor
from tenancy.services.audit import record
from tenancy.services.structure import change, save_new, tidied, tidy


@transaction.atomic
def add_category(
    *, kind: str, complaint_class: str, name: str, by: Actor, now: datetime, **facts: Any
) -> Category:
    """A category more, after those of its kind. `facts` are the other fields of the row."""
    last = Category.objects.filter(kind=kind).aggregate(last=Max("position"))["last"]
    row = Category(
        kind=kind,
        complaint_class=complaint_class,
        name=tidy(name),
        position=0 if last is None else last + 1,
        **facts,
    )
    save_new(row)
    record(action="add_category", subject=row, by=by, now=now, name=row.name)
    return row


@transaction.atomic
def change_category(*, category: Category, by: Actor, now: datetime, **facts: Any) -> Category:
    """Change what a category is called and where new tickets go; those filed stay."""
    row: Category = (
        Category.objects.select_for_update(of=("self",))
        .select_related("department")
        .get(pk=category.pk)
    )
    department = facts.pop("department", row.department)
    if department != row.department:
        before = row.department.name if row.department else ""
        row.department = department
        row.save(update_fields=["department"])
        after = department.name if department else ""
        record(
            action="change_category", subject=row, by=by, now=now, name=row.name,
            before={"department": before}, after={"department": after},
        )  # fmt: skip
    change(row, tidied(facts), by, now)
    return row
