"""The first wall: which company is being served right now.

One context variable holds it. The default *and* base manager of every company-owned model
(`tenancy.models.base`) filters by it and raises without it, and the database backend
(`tenancy.postgresql`) hands it to PostgreSQL's row security at each BEGIN.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

_company: ContextVar[UUID | None] = ContextVar("company", default=None)


class NoScope(RuntimeError):
    """Rows of a company were asked for while no company is being served: a bug of ours."""


class OtherCompany(RuntimeError):
    """A row of one company was about to be written while another is being served: a bug of ours."""


def current_company_id() -> UUID | None:
    """The id of the company being served, or None outside any company."""
    return _company.get()


def require_company_id() -> UUID:
    """The id of the company being served; raises `NoScope` outside any company."""
    company_id = _company.get()
    if company_id is None:
        raise NoScope("no company is being served: open company_scope() first")
    return company_id


def enter(company_id: UUID) -> None:
    """Serve this company from here on; for the middleware, which cannot use a `with` block."""
    _company.set(company_id)
    _tell_open_transaction(company_id)


def leave() -> None:
    """Serve no company from here on."""
    _company.set(None)
    _tell_open_transaction(None)


def _connection() -> Any:
    """The database connection of this thread, which is of our own kind: `tenancy.postgresql`."""
    from django.db import connection  # noqa: PLC0415 - models import this module

    return connection


def _tell_open_transaction(company_id: UUID | None) -> None:
    # A request begins its transaction later, and tells it then. One that is open already is a
    # test's, which serves several requests.
    connection = _connection()
    if connection.can_be_told():
        connection.tell_company(company_id)


@contextmanager
def company_scope(company_id: UUID) -> Iterator[None]:
    """Serve one company for the length of the block, in one transaction.

    Outside a transaction it opens one (the setting that row security reads lives only inside a
    transaction). Inside one it may be entered when no company, or the same one, is served:
    one transaction serves one company.
    """
    from django.db import transaction  # noqa: PLC0415 - models import this module

    connection = _connection()
    previous = _company.get()
    if previous is not None and previous != company_id and connection.in_atomic_block:
        raise OtherCompany("one transaction serves one company")
    token = _company.set(company_id)
    try:
        if connection.in_atomic_block:
            connection.tell_company(company_id)
            try:
                yield
            finally:
                if connection.can_be_told():
                    connection.tell_company(previous)
        else:
            with transaction.atomic():
                yield
    finally:
        _company.reset(token)
