"""What every company-owned row has: a company, an id, and the walls around both."""

import os
import time
from threading import Lock
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models.base import ModelBase

from tenancy.constraints import (
    CompanyPolicy,
    CompanyPrimaryKey,
    CompanyReference,
    GlobalReference,
)
from tenancy.fields import CompanyForeignKey, GlobalForeignKey
from tenancy.scope import OtherCompany, require_company_id

RANDOM_BITS = 74
_newest = 0
_one_at_a_time = Lock()


def uuid7() -> UUID:
    """A new time-ordered id (RFC 9562, version 7): 48 bits of milliseconds, then chance.

    Within one process and millisecond each is greater than the last, so that what one
    transaction writes down at one moment reads in the order in which it was written.
    """
    global _newest
    chance = int.from_bytes(os.urandom(10), "big") >> 6
    value = (time.time_ns() // 1_000_000) << RANDOM_BITS | chance
    with _one_at_a_time:
        if value >> RANDOM_BITS == _newest >> RANDOM_BITS and value <= _newest:
            value = _newest + 1 + (chance & 0xFFFF_FFFF)
        _newest = value
    high, low = value >> 62, value & (1 << 62) - 1
    return UUID(int=(high >> 12) << 80 | 0x7 << 76 | (high & 0xFFF) << 64 | 0x2 << 62 | low)


class CompanyModelBase(ModelBase):
    """Puts the walls on every concrete company-owned model, so that none can be forgotten."""

    def __new__(cls, name: str, bases: Any, attrs: Any, **kwargs: Any) -> Any:
        model: Any = super().__new__(cls, name, bases, attrs, **kwargs)
        meta = model._meta
        if not meta.abstract and not meta.proxy:
            if not isinstance(model._default_manager, CompanyManager):
                raise TypeError(f"{name} needs objects = CompanyManager.from_queryset(…)()")
            meta.constraints = [*meta.constraints, *walls(model)]
            meta.original_attrs["constraints"] = meta.constraints
        return model


def walls(model: Any) -> list[models.BaseConstraint]:
    table = model._meta.db_table
    found: list[models.BaseConstraint] = [
        CompanyPrimaryKey(name=f"{table}_company_key"),
        CompanyPolicy(name=f"{table}_company_wall"),
    ]
    for field in model._meta.local_fields:
        if isinstance(field, CompanyForeignKey):
            found.append(
                CompanyReference(field=field.name, name=f"{table}_{field.name}_in_company")
            )
        elif isinstance(field, GlobalForeignKey):
            found.append(GlobalReference(field=field.name, name=f"{table}_{field.name}_exists"))
    return found


class CompanyQuerySet(models.QuerySet[Any]):
    """Rows of one company."""

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> Any:
        objs = list(objs)
        for row in objs:
            row.claim_for_company()
        return super().bulk_create(objs, *args, **kwargs)

    def visible_to(self, membership: Any) -> Self:
        """The rows this member may see: the third wall. Nothing, until a noun says otherwise."""
        return self.none()

    def to_export(self) -> Self:
        """The rows that leave the house with an export; all, until a noun says otherwise."""
        return self.all()


class CompanyManager(models.Manager[Any]):
    """Starts every query inside the company being served; raises `NoScope` outside one."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(company_id=require_company_id())


class CompanyModel(models.Model, metaclass=CompanyModelBase):
    """A row that belongs to one company, for ever."""

    company_owned = True
    # Whether its rows leave the house with an export (`tenancy.services.exporting`). What only
    # this installation can use, or nobody may read row by row, says no.
    is_exported = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    company = GlobalForeignKey("tenancy.Company", related_name="+", editable=False)

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        # The one save() override of the house: no door may write past the first wall.
        self.claim_for_company()
        super().save(*args, **kwargs)

    def claim_for_company(self) -> None:
        """Belong to the company being served, or raise `OtherCompany`."""
        company_id = require_company_id()
        mine: UUID | None = self.company_id  # None until it is first saved
        if mine is None:
            self.company_id = company_id
        elif mine != company_id:
            raise OtherCompany(f"{self._meta.label} of another company")
