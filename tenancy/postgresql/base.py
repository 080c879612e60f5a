"""The fourth wall's messenger: the company of `tenancy.scope` becomes `app.company` in SQL."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured
from django.db import ProgrammingError
from django.db.backends.postgresql import base, features as postgresql_features
from psycopg2.extensions import TRANSACTION_STATUS_INERROR

from tenancy.scope import current_company_id


class DatabaseFeatures(postgresql_features.DatabaseFeatures):
    def allows_group_by_selected_pks_on_model(self, model: Any) -> bool:
        # The SQL primary key is (company_id, id), so PostgreSQL sees no functional dependency
        # on id alone and refuses a GROUP BY shortened to it.
        if getattr(model, "company_owned", False):
            return False
        return bool(super().allows_group_by_selected_pks_on_model(model))


# What lets a role pass row security: asked once per connection, by the connection itself.
TOO_STRONG = """
SELECT rolsuper, rolbypassrls, EXISTS (
    SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
    AND pg_has_role(current_user, c.relowner, 'USAGE'))
FROM pg_roles WHERE rolname = current_user
"""
STRENGTHS = ("a superuser", "allowed to bypass row security", "an owner of tables")


class RoleTooStrong(ImproperlyConfigured):
    """The database role could pass row security, so it must not serve anybody."""


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures

    def init_connection_state(self) -> None:
        super().init_connection_state()
        if self.settings_dict.get("AS_OWNER"):
            return  # `migrate`, and nothing else: see tenancy.services.database.as_owner
        with self.connection.cursor() as cursor:
            cursor.execute(TOO_STRONG)
            row = cursor.fetchone()
        strengths = [name for name, holds in zip(STRENGTHS, row, strict=True) if holds]
        if strengths:
            self.connection.close()
            self.connection = None
            raise RoleTooStrong(
                f"The database role {self.settings_dict['USER']} is {', '.join(strengths)}: row "
                "security would not hold. Point DATABASE_URL at a plain role."
            )

    def set_autocommit(
        self, autocommit: bool, force_begin_transaction_with_broken_autocommit: bool = False
    ) -> None:
        super().set_autocommit(autocommit, force_begin_transaction_with_broken_autocommit)
        company_id = current_company_id()
        if not autocommit and company_id is not None:
            self.tell_company(company_id)

    def tell_company(self, company_id: UUID | None) -> None:
        """Set the company that row security lets through until this transaction ends.

        A statement, not `set_config()`: a Citus coordinator hands only SET LOCAL to its workers.
        """
        with self.cursor() as cursor:
            cursor.execute(f"SET LOCAL app.company = '{company_id or ''}'")

    def can_be_told(self) -> bool:
        """Whether the open transaction still takes statements (a failed one takes none)."""
        return (
            self.in_atomic_block
            and not self.needs_rollback
            and self.connection is not None
            and self.connection.info.transaction_status != TRANSACTION_STATUS_INERROR
        )

    def _cursor(self, name: str | None = None) -> Any:
        # Outside a transaction SET LOCAL is not in force and row security would answer
        # "no rows", silently (an on_commit hook, for example). Say so instead.
        if (
            self.connection is not None
            and self.get_autocommit()
            and not self.in_atomic_block
            and current_company_id() is not None
        ):
            raise ProgrammingError("a query of a company outside transaction.atomic()")
        return super()._cursor(name)  # type: ignore[misc]  # the stubs leave it out
