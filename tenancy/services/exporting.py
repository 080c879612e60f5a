"""A whole company as one file: its tables as JSON Lines, and everything that was uploaded.

A model whose rows stay here says so itself (`is_exported`), and columns that point to it stay with
it. What may leave of such rows all the same is a table that the room offers. The file is made
while it is sent, so that no copy of a company lies about on the server.
"""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import FileField

from tenancy.fields import EncryptedTextField
from tenancy.models import Company, CompanyModel, Membership, User
from tenancy.scope import company_scope
from tenancy.services.access import NoOperator
from tenancy.services.operating import is_operator, name_of, note, reason_of, tell_company
from tenancy.signals import company_exported

CHUNK = 2000
# What only this installation can use, or nobody may have.
SECRET = frozenset({
    "digest", "password", "phone_index", "id_number_index", "secret_path",
    # What is being written, and what lies in a ballot box, sealed.
    "unfinished", "sealed",
    # Who has answered a survey: of staff it is told nowhere, and of the link nothing is of use.
    "is_used", "secret_hash",
})  # fmt: skip
# Tables that are none here, by their names; rooms offer theirs when they are ready.
OFFERED: dict[str, Callable[[], Iterator[dict[str, Any]]]] = {}
README = """{name} ({slug}), {at}

tables/  the tables as JSON Lines: one row a line, dates in ISO 8601 (UTC)
files/   what was uploaded, under the names that the tables say
people.jsonl  the accounts of the members

Telephone and identity numbers: {personal}
"""


def begin_export(
    *, company: Company, user: User, reason: str, personal: bool, now: datetime, address: str = ""
) -> None:
    """An operator may have it."""
    if not is_operator(user):
        raise NoOperator
    note_export(
        company=company, user=user, reason=reason, personal=personal, now=now, address=address
    )


@transaction.atomic
def note_export(
    *,
    company: Company,
    user: User | None,
    reason: str,
    personal: bool,
    now: datetime,
    address: str = "",
) -> None:
    """Write down that a company is exported, for operators and for the company, before it is."""
    reason = reason_of(reason)
    facts: dict[str, Any] = {"reason": reason, "personal": personal}
    note(action="export", by=user, about=company, address=address, now=now, **facts)
    tell_company(company, "export", now, operator=name_of(user), **facts)
    with company_scope(company.id):
        company_exported.send(Company, company=company, operator=name_of(user), now=now)


class _Pieces:
    """What the archive writes, on its way to whoever reads it. It cannot go back."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self.pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing is kept back."""

    def take(self) -> bytes:
        taken = b"".join(self.pieces)
        self.pieces.clear()
        return taken


def archive(*, company: Company, personal: bool, now: datetime) -> Iterator[bytes]:
    """The archive, piece by piece, as the company is at one moment."""
    pieces = _Pieces()
    with ZipFile(pieces, "w", ZIP_DEFLATED) as found:  # type: ignore[call-overload]
        found.writestr("README.txt", readme(company, personal, now))
        with one_moment(), company_scope(company.id):
            for model in tables():
                with found.open(
                    f"tables/{model._meta.label_lower}.jsonl", "w", force_zip64=True
                ) as to:
                    yield from written(rows_of(model, personal), to, pieces)
            for name, rows in OFFERED.items():
                with found.open(f"tables/{name}.jsonl", "w", force_zip64=True) as to:
                    yield from written(rows(), to, pieces)
            with found.open("people.jsonl", "w") as to:
                yield from written(people(personal), to, pieces)
            for name, source in uploads():
                with source, found.open(f"files/{name}", "w", force_zip64=True) as to:
                    while block := source.read(1 << 16):
                        to.write(block)
                        yield pieces.take()
    yield pieces.take()


def readme(company: Company, personal: bool, now: datetime) -> str:
    clear = "in clear" if personal else "left out"
    return README.format(
        name=company.name, slug=company.slug, at=now.isoformat(timespec="minutes"), personal=clear
    )


@contextmanager
def one_moment() -> Iterator[None]:
    """What is written meanwhile is not in it, wherever the transaction is ours to begin."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def offer(name: str, rows: Callable[[], Iterator[dict[str, Any]]]) -> None:
    """Add a table of what may leave of rows that stay here themselves."""
    OFFERED[name] = rows


def tables() -> list[Any]:
    """The tables of a company whose rows leave the house."""
    found = [model for model in apps.get_models() if issubclass(model, CompanyModel)]
    return [model for model in found if model.is_exported]


def rows_of(model: Any, personal: bool) -> Iterator[dict[str, Any]]:
    """The rows of a table, without what is secret."""
    names = [field.attname for field in model._meta.concrete_fields if may_leave(field, personal)]
    rows = model.objects.all().to_export().order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=CHUNK):
        yield dict(zip(names, row, strict=True))


def may_leave(field: Any, personal: bool) -> bool:
    """Nothing secret, and nothing by which rows could be joined to one that stays here."""
    if field.attname in SECRET or not getattr(field.related_model, "is_exported", True):
        return False
    return personal or not isinstance(field, EncryptedTextField)


def people(personal: bool) -> Iterator[dict[str, Any]]:
    """The accounts behind the members: what the company needs of them elsewhere."""
    ids = Membership.objects.values_list("user_id", flat=True)
    for user in User.objects.filter(pk__in=list(ids)).order_by("pk").iterator(chunk_size=CHUNK):
        facts = {"id": user.pk, "username": user.username, "name": user.name}
        yield {**facts, "email": user.email, "phone": user.phone} if personal else facts


def written(rows: Iterator[dict[str, Any]], to: IO[bytes], pieces: _Pieces) -> Iterator[bytes]:
    """Write rows as lines; what the archive has made of them, from time to time."""
    for number, row in enumerate(rows):
        line = json.dumps(row, cls=_Encoder, ensure_ascii=False)
        to.write(line.encode() + b"\n")
        if number % CHUNK == 0:
            yield pieces.take()


class _Encoder(DjangoJSONEncoder):
    """Bytes as Base64; the rest as Django writes it."""

    def default(self, o: Any) -> Any:
        if isinstance(o, bytes | memoryview):
            return base64.b64encode(bytes(o)).decode()
        return super().default(o)


def uploads() -> Iterator[tuple[str, Any]]:
    """Everything that was uploaded and is still there."""
    for model in tables():
        for field in model._meta.concrete_fields:
            if not isinstance(field, FileField):
                continue
            for name in model.objects.order_by("pk").values_list(field.attname, flat=True):
                if name and field.storage.exists(name):
                    yield name, field.storage.open(name, "rb")
