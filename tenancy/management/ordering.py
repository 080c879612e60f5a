"""In migrations, what others refer to comes before those who refer."""

from collections.abc import Sequence
from typing import Any

from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.operations import AddConstraint, AddField
from django.db.migrations.operations.base import Operation

from tenancy.constraints import CompanyPrimaryKey, CompanyReference
from tenancy.migrating import quiet


def keys_first(operations: Sequence[Operation]) -> list[Operation]:
    """The same operations, the keys of new tables before the first reference to any of them.

    Django knows that a foreign key needs its table; that ours need the composite key of that
    table, which is a constraint of its own, it cannot know. Nor that a table which gets its
    columns one by one has no key until its company is one of them.
    """
    keys = [each for each in operations if _adds(each, CompanyPrimaryKey)]
    rest = [each for each in operations if not _adds(each, CompanyPrimaryKey)]
    ready = max((at for at, each in enumerate(rest, 1) if _adds_company(each)), default=0)
    early = [each for each in rest[:ready] if _adds(each, CompanyReference)]
    rest = [*(each for each in rest[:ready] if each not in early), *early, *rest[ready:]]
    at = next(
        (place for place, each in enumerate(rest) if _adds(each, CompanyReference)), len(rest)
    )
    return [*rest[:at], *keys, *rest[at:]]


def _adds_company(operation: Operation) -> bool:
    return isinstance(operation, AddField) and operation.name == "company"


def _adds(operation: Operation, kind: type) -> bool:
    return isinstance(operation, AddConstraint) and isinstance(operation.constraint, kind)


class CompanyAutodetector(MigrationAutodetector):
    """Finds what has changed, and writes it down in an order that PostgreSQL takes."""

    def arrange_for_graph(self, changes: Any, graph: Any, migration_name: Any = None) -> Any:
        arranged = super().arrange_for_graph(changes, graph, migration_name)
        for migrations in arranged.values():
            for migration in migrations:
                ordered = [quiet(each) for each in keys_first(migration.operations)]
                migration.operations = ordered  # type: ignore[misc]
        return arranged
