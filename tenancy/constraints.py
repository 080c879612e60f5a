"""The fourth wall as Django constraints, so that `makemigrations` and `migrate` carry it.

Every company-owned model gets them from its metaclass (`tenancy.models.base`); nobody lists
them by hand. Where the Citus extension exists the same migrations also distribute the tables
by company; on plain PostgreSQL that part does nothing.
"""

from typing import Any

from django.db import models

POLICY = "company_id = nullif(current_setting('app.company', true), '')::uuid"


def on_citus(call: str) -> str:
    there = "SELECT 1 FROM pg_extension WHERE extname = 'citus'"
    return f"DO $do$ BEGIN IF EXISTS ({there}) THEN PERFORM {call}; END IF; END $do$"


class SqlConstraint(models.BaseConstraint):
    """A rule that lives in the database only: nothing for forms to validate."""

    def statements(self, model: Any, editor: Any) -> list[str]:
        raise NotImplementedError

    def undo(self, model: Any, editor: Any) -> list[str]:
        raise NotImplementedError

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        # CREATE TABLE is still being put together: run once the table exists.
        schema_editor.deferred_sql.extend(self.statements(model, schema_editor))

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        return self._one_by_one(schema_editor, self.statements(model, schema_editor))

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        return self._one_by_one(schema_editor, self.undo(model, schema_editor))

    def validate(self, *args: Any, **kwargs: Any) -> None:
        return None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SqlConstraint) and self.deconstruct() == other.deconstruct()

    __hash__ = None  # type: ignore[assignment]  # compared by value, as Django's own are

    @staticmethod
    def _one_by_one(schema_editor: Any, statements: list[str]) -> str:
        # Citus refuses several statements in one call; Django wants one string back.
        for statement in statements[:-1]:
            schema_editor.execute(statement, params=None)
        return statements[-1]


class CompanyPrimaryKey(SqlConstraint):
    """PRIMARY KEY (company_id, id). Django's own state keeps `id`, which is unique by itself."""

    def statements(self, model: Any, editor: Any) -> list[str]:
        table = model._meta.db_table
        key = editor.quote_name(f"{table}_pkey")
        return [
            f"ALTER TABLE {editor.quote_name(table)} DROP CONSTRAINT {key}, "
            f"ADD CONSTRAINT {key} PRIMARY KEY (company_id, id)",
            on_citus(f"create_distributed_table('{table}', 'company_id')"),
        ]

    def undo(self, model: Any, editor: Any) -> list[str]:
        return ["SELECT 1"]  # goes with its table; Citus cannot change a distributed key


class CompanyPolicy(SqlConstraint):
    """Row security with FORCE: a session sees and writes the rows of its own company only."""

    def statements(self, model: Any, editor: Any) -> list[str]:
        table = editor.quote_name(model._meta.db_table)
        return [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY company_wall ON {table} USING ({POLICY}) WITH CHECK ({POLICY})",
        ]

    def undo(self, model: Any, editor: Any) -> list[str]:
        table = editor.quote_name(model._meta.db_table)
        return [
            f"DROP POLICY company_wall ON {table}",
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        ]


class _Reference(SqlConstraint):
    """A foreign key that is NOT DEFERRABLE: a deferred one loses rows silently on Citus."""

    def __init__(self, *, field: str, name: str) -> None:
        self.field = field
        super().__init__(name=name)

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "field": self.field}

    def columns(self, column: str) -> tuple[str, str]:
        raise NotImplementedError

    def statements(self, model: Any, editor: Any) -> list[str]:
        field = model._meta.get_field(self.field)
        ours, theirs = self.columns(editor.quote_name(field.column))
        target = field.remote_field.model._meta.db_table
        return [
            f"ALTER TABLE {editor.quote_name(model._meta.db_table)} "
            f"ADD CONSTRAINT {editor.quote_name(self.name)} FOREIGN KEY ({ours}) "
            f"REFERENCES {editor.quote_name(target)} ({theirs})"
        ]

    def undo(self, model: Any, editor: Any) -> list[str]:
        return [
            f"ALTER TABLE {editor.quote_name(model._meta.db_table)} "
            f"DROP CONSTRAINT {editor.quote_name(self.name)}"
        ]


class CompanyReference(_Reference):
    """(company_id, x_id) → (company_id, id): a row cannot point into another company."""

    def columns(self, column: str) -> tuple[str, str]:
        return f"company_id, {column}", "company_id, id"


class GlobalReference(_Reference):
    """x_id → id of one of the few tables that belong to no company."""

    def columns(self, column: str) -> tuple[str, str]:
        return column, "id"


class ReferenceTable(SqlConstraint):
    """On Citus: a small global table, copied to every node."""

    def statements(self, model: Any, editor: Any) -> list[str]:
        return [on_citus(f"create_reference_table('{model._meta.db_table}')")]

    def undo(self, model: Any, editor: Any) -> list[str]:
        return ["SELECT 1"]  # goes with its table
