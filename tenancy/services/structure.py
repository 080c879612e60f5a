"""What a company is made of: its communities and its departments."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from tenancy.models import Community, Department, DepartmentMember
from tenancy.services.actor import Actor
from tenancy.services.audit import record
from tenancy.services.refusal import Refused


class NameTaken(Refused):
    """Two things of one kind with one name could not be told apart."""

    code = "name_taken"
    sentence = _("“%(name)s” exists already. Choose another name.")


class DepartmentInUse(Refused):
    """People would belong to a department that is closed."""

    code = "department_in_use"
    sentence = _("%(count)s people still belong to this department. Move them first.")


@transaction.atomic
def add_community(*, name: str, by: Actor, now: datetime, **facts: str) -> Community:
    """Take a community on; `facts` are its address and hotline."""
    row = Community(name=tidy(name), **facts)
    save_new(row)
    record(action="add_community", subject=row, by=by, now=now, name=row.name)
    return row


@transaction.atomic
def change_community(*, community: Community, by: Actor, now: datetime, **facts: Any) -> Community:
    """Rename a community, correct its facts, or lay it aside. What happened there stays."""
    row: Community = Community.objects.select_for_update(of=("self",)).get(pk=community.pk)
    change(row, tidied(facts), by, now)
    return row


@transaction.atomic
def add_department(*, name: str, by: Actor, now: datetime) -> Department:
    """A department more, after those there are."""
    last = Department.objects.order_by("-position").values_list("position", flat=True).first()
    row = Department(name=tidy(name), position=0 if last is None else last + 1)
    save_new(row)
    record(action="add_department", subject=row, by=by, now=now, name=row.name)
    return row


@transaction.atomic
def change_department(
    *, department: Department, by: Actor, now: datetime, **facts: Any
) -> Department:
    """Rename a department, move it in the list, or close it once nobody is in it."""
    row: Department = Department.objects.select_for_update(of=("self",)).get(pk=department.pk)
    if not facts.get("is_active", True):
        people = DepartmentMember.objects.filter(department=row, membership__is_active=True)
        if count := people.count():
            raise DepartmentInUse(count=count)
    change(row, tidied(facts), by, now)
    return row


def tidy(name: str) -> str:
    """A name as it is kept: no space around it, and single ones within."""
    return " ".join(name.split())


def tidied(facts: dict[str, Any]) -> dict[str, Any]:
    """What is to be changed, a name as it is kept. What is left out stays as it is when the row
    is locked, whatever it was when somebody looked at it."""
    return {**facts, "name": tidy(facts["name"])} if "name" in facts else facts


def save_new(row: Model) -> None:
    """Save a row whose name must be its own."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise NameTaken(name=str(row)) from error


def change(row: Model, facts: dict[str, object], by: Actor, now: datetime) -> None:
    """Save what is different, and write down what it was before."""
    before = {
        name: getattr(row, name) for name, value in facts.items() if getattr(row, name) != value
    }
    if not before:
        return
    for name in before:
        setattr(row, name, facts[name])
    try:
        with transaction.atomic():
            row.save(update_fields=list(before))
    except IntegrityError as error:
        raise NameTaken(name=str(row)) from error
    action = f"change_{row._meta.model_name}"
    after = {name: facts[name] for name in before}
    record(action=action, subject=row, by=by, now=now, name=str(row), before=before, after=after)
