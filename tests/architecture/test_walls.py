"""The walls between companies, as they stand in the database and in the models.

Nothing here keeps a list: tables, keys and models are asked of PostgreSQL and Django.
"""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction

from complaints.models import Ticket, TicketEvent
from owners.models import Owner
from tenancy.checks import role_is_held_by_row_security
from tenancy.constraints import POLICY
from tenancy.fields import CompanyForeignKey, GlobalForeignKey
from tenancy.models import Company, CompanyModel
from tenancy.postgresql.base import RoleTooStrong
from tenancy.scope import NoScope, OtherCompany, company_scope
from tenancy.services.database import grant_to_application, make_sure_role_is_weak
from tests.factories.cast import Cast

COMPANY_MODELS = [model for model in apps.get_models() if issubclass(model, CompanyModel)]


def rows(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def tables_with_a_company() -> set[str]:
    return {
        name
        for (name,) in rows(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE a.attname = 'company_id' AND c.relkind IN ('r', 'p')"
            " AND c.relnamespace = 'public'::regnamespace AND NOT a.attisdropped"
        )
    }


def test_every_table_with_a_company_column_is_a_company_model(db: None) -> None:
    assert tables_with_a_company() == {model._meta.db_table for model in COMPANY_MODELS}


def test_every_company_table_has_forced_row_security_with_the_one_policy(db: None) -> None:
    found = {
        table: (security, forced, using, check)
        for table, security, forced, using, check in rows(
            "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,"
            " pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)"
            " FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid"
            " WHERE c.relname = ANY(%s)",
            sorted(tables_with_a_company()),
        )
    }
    policy = "(company_id = (NULLIF(current_setting('app.company'::text, true), ''::text))::uuid)"

    assert found == dict.fromkeys(tables_with_a_company(), (True, True, policy, policy))
    assert [word for word in ("select", "case") if word in POLICY.lower()] == []


def test_every_key_of_a_company_table_begins_with_the_company(db: None) -> None:
    keys = rows(
        "SELECT c.relname, i.relname, a.attname FROM pg_index x"
        " JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.indkey[0]"
        " WHERE x.indisunique AND c.relname = ANY(%s)",
        sorted(tables_with_a_company()),
    )

    assert [key for key in keys if key[2] != "company_id"] == []
    assert {table for table, _, _ in keys} == tables_with_a_company()


def test_every_foreign_key_is_composite_or_to_a_global_table_and_never_deferrable(
    db: None,
) -> None:
    found = rows(
        "SELECT c.relname, k.conname, r.relname, cardinality(k.conkey), k.condeferrable,"
        " (SELECT attname FROM pg_attribute WHERE attrelid = c.oid AND attnum = k.conkey[1])"
        " FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid"
        " JOIN pg_class r ON r.oid = k.confrelid"
        " WHERE k.contype = 'f' AND c.relname = ANY(%s)",
        sorted(tables_with_a_company()),
    )
    tenants = tables_with_a_company()
    wrong = [
        name
        for _table, name, target, columns, deferrable, first in found
        if deferrable
        or (target in tenants and (columns, first) != (2, "company_id"))
        or (target not in tenants and columns != 1)
    ]

    assert wrong == []


def test_every_foreign_key_of_a_model_stands_in_the_database(db: None) -> None:
    declared = {
        (model._meta.db_table, field.column)
        for model in COMPANY_MODELS
        for field in model._meta.local_fields
        if field.is_relation
    }
    standing = {
        (table, column)
        for table, column in rows(
            "SELECT c.relname, a.attname FROM pg_constraint k"
            " JOIN pg_class c ON c.oid = k.conrelid"
            " JOIN pg_attribute a ON a.attrelid = c.oid"
            " AND a.attnum = k.conkey[cardinality(k.conkey)]"
            " WHERE k.contype = 'f' AND c.relname = ANY(%s)",
            sorted(tables_with_a_company()),
        )
    }

    assert declared == standing


@pytest.mark.parametrize("model", COMPANY_MODELS, ids=lambda model: model._meta.label)
def test_company_models_use_company_keys_and_the_scoped_manager(model: Any) -> None:
    plain = [
        field.name
        for field in model._meta.local_fields
        if field.is_relation and not isinstance(field, CompanyForeignKey | GlobalForeignKey)
    ]

    assert plain == []
    assert model._meta.local_many_to_many == []
    assert model._meta.base_manager_name == "objects"
    for manager in (model._default_manager, model._base_manager):
        with pytest.raises(NoScope):
            manager.all()


def test_no_triggers_enum_types_or_sequences_serve_company_tables(db: None) -> None:
    tables = sorted(tables_with_a_company())
    triggers = rows(
        "SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE NOT tgisinternal AND c.relname = ANY(%s)",
        tables,
    )
    enums = rows(
        "SELECT typname FROM pg_type WHERE typtype = 'e' AND typnamespace = 'public'::regnamespace"
    )
    sequences = rows(
        "SELECT c.relname FROM pg_depend d JOIN pg_class s ON s.oid = d.objid"
        " JOIN pg_class c ON c.oid = d.refobjid WHERE s.relkind = 'S' AND c.relname = ANY(%s)",
        tables,
    )

    assert (triggers, enums, sequences) == ([], [], [])


# --- what the application's role can do ---


def test_raw_sql_sees_the_company_being_served_only(jinxiu: Cast, heyue: Cast) -> None:
    def count() -> dict[str, int]:
        return {
            table: rows(f'SELECT count(*) FROM "{table}"')[0][0]  # noqa: S608 - asked of the catalogue
            for table in sorted(tables_with_a_company())
        }

    nobody = count()
    with company_scope(jinxiu.company.pk):
        jinxiu.file()
        ours = rows(
            "SELECT DISTINCT company_id FROM owners_owner UNION"
            " SELECT company_id FROM complaints_ticket"
        )
    with company_scope(heyue.company.pk):
        theirs = rows("SELECT company_id FROM complaints_ticket")

    assert set(nobody.values()) == {0}
    assert ours == [(jinxiu.company.pk,)]
    assert theirs == []


def test_raw_sql_cannot_write_into_another_company(jinxiu: Cast, heyue: Cast) -> None:
    with (
        company_scope(jinxiu.company.pk),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        rows(
            "INSERT INTO tenancy_department (company_id, id, name, position, is_active)"
            " VALUES (%s, %s, 'x', 0, true) RETURNING id",
            heyue.company.pk,
            uuid4(),
        )


def test_raw_sql_cannot_move_a_row_into_another_company(jinxiu: Cast, heyue: Cast) -> None:
    with (
        company_scope(jinxiu.company.pk),
        pytest.raises(DatabaseError),
        transaction.atomic(),
    ):
        rows("UPDATE owners_owner SET company_id = %s RETURNING id", heyue.company.pk)


def test_a_row_cannot_point_into_another_company(jinxiu: Cast, heyue: Cast) -> None:
    ticket = jinxiu.file()

    with (
        company_scope(jinxiu.company.pk),
        pytest.raises(IntegrityError),
        transaction.atomic(),
    ):
        Ticket.objects.filter(pk=ticket.pk).update(unit_id=heyue.unit.pk)


@pytest.mark.parametrize("statement", ["UPDATE {} SET company_id = company_id", "DELETE FROM {}"])
@pytest.mark.parametrize(
    "model",
    [model for model in COMPANY_MODELS if getattr(model, "append_only", False)],
    ids=lambda model: model._meta.label,
)
def test_append_only_tables_take_no_change(jinxiu: Cast, model: Any, statement: str) -> None:
    with (
        company_scope(jinxiu.company.pk),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(model._meta.db_table))


def test_the_tests_run_as_the_applications_role(db: None) -> None:
    assert rows("SELECT current_user")[0][0] == settings.DATABASE_APPLICATION_ROLE


@pytest.fixture
def too_strong(transactional_db: None) -> Iterator[None]:
    """DATABASE_URL names the owner's role by mistake."""
    kept = dict(connection.settings_dict)
    assert settings.DATABASE_OWNER is not None
    connection.close()
    connection.settings_dict.update(
        {key: settings.DATABASE_OWNER[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}
    )
    yield
    connection.close()
    connection.settings_dict.update(kept)


def test_the_server_refuses_to_start_as_a_role_that_could_pass(too_strong: None) -> None:
    with pytest.raises(RoleTooStrong, match="bypass row security"):
        make_sure_role_is_weak()
    with pytest.raises(RoleTooStrong):
        rows("SELECT 1")

    errors = role_is_held_by_row_security(databases=["default"])
    assert [error.id for error in errors] == ["tenancy.E001"]


# --- the first wall ---


def test_rights_are_given_for_the_tables_there_are(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Migrated backwards, the database lacks tables of today's models."""
    gone = SimpleNamespace(_meta=SimpleNamespace(db_table="gone", managed=True))
    known = [*apps.get_models(include_auto_created=True), gone]
    monkeypatch.setattr(apps, "get_models", lambda **_asked: known)
    grant_to_application()
    assert rows("SELECT has_table_privilege('complaints_ticket', 'INSERT')") == [(True,)]


def test_queries_outside_a_company_raise(jinxiu: Cast) -> None:
    for ask in (
        Owner.objects.exists,
        Owner.objects.count,
        lambda: Owner.objects.filter(name="张伟"),
        lambda: Owner.objects.create(name="张伟"),
        lambda: Owner.objects.bulk_create([Owner(name="张伟")]),
    ):
        with pytest.raises(NoScope):
            ask()


def test_writing_for_another_company_raises(jinxiu: Cast, heyue: Cast) -> None:
    with company_scope(jinxiu.company.pk):
        attempts: list[Callable[[], object]] = [
            lambda: Owner.objects.create(name="张伟", company=heyue.company),
            lambda: Owner.objects.bulk_create([Owner(name="张伟", company=heyue.company)]),
            lambda: heyue.resident.save(),
        ]
        for write in attempts:
            with pytest.raises(OtherCompany):
                write()


def test_one_transaction_serves_one_company(jinxiu: Cast, heyue: Cast) -> None:
    with (
        company_scope(jinxiu.company.pk),
        pytest.raises(OtherCompany),
        company_scope(heyue.company.pk),
    ):
        pass


def test_the_scope_ends_with_its_block_even_after_an_error(jinxiu: Cast) -> None:
    with pytest.raises(RuntimeError, match="oops"), company_scope(jinxiu.company.pk):
        raise RuntimeError("oops")

    assert rows("SELECT current_setting('app.company', true)") == [("",)]
    with pytest.raises(NoScope):
        Owner.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_query_after_the_transaction_says_so_instead_of_seeing_nothing() -> None:
    company = Company.objects.create(slug="later", name="后来物业")
    seen: list[str] = []

    def afterwards() -> None:
        with pytest.raises(ProgrammingError, match="outside transaction"):
            Owner.objects.exists()
        seen.append("raised")

    with company_scope(company.pk):
        transaction.on_commit(afterwards)

    assert seen == ["raised"]


def test_the_same_row_of_both_companies_is_told_apart(jinxiu: Cast, heyue: Cast) -> None:
    with company_scope(jinxiu.company.pk):
        jinxiu.file()
        assert not TicketEvent.objects.filter(company_id=heyue.company.pk).exists()
        assert Owner.objects.get(name="张伟") == jinxiu.resident
        assert Owner.objects.filter(pk=heyue.resident.pk).first() is None
