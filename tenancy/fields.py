"""Fields that keep the walls: foreign keys inside one company, and encrypted personal data."""

import hashlib
import hmac
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models
from django.db.models.expressions import Col
from django.db.models.lookups import Exact
from django.db.models.sql.where import AND, WhereNode


class CompanyForeignKey(models.ForeignKey):  # type: ignore[type-arg]
    """A foreign key to a row of the same company.

    Django's state has an ordinary key to `id`; the SQL key is composite and comes from
    `CompanyReference`. Joins and look-ups compare the company as well, which Citus needs to
    route a query to one node.
    """

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        # An index that does not begin with the company serves no page: models name theirs.
        kwargs.setdefault("db_index", False)
        super().__init__(to, on_delete, **kwargs)

    def get_extra_restriction(self, alias: Any, related_alias: Any) -> Any:
        theirs: Any = self.related_model._meta.get_field("company")
        ours: Any = self.model._meta.get_field("company")
        same: Any = Exact(Col(alias, theirs), Col(related_alias, ours))
        return WhereNode([same], AND)

    def get_extra_descriptor_filter(self, instance: Any) -> dict[str, Any]:
        return {"company_id": instance.company_id}


class GlobalForeignKey(models.ForeignKey):  # type: ignore[type-arg]
    """A foreign key to a table of no company; its SQL key comes from `GlobalReference`."""

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        kwargs.setdefault("db_index", False)
        super().__init__(to, on_delete, **kwargs)


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(text: str) -> str:
    return _cipher(tuple(settings.FIELD_KEYS)).encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    return _cipher(tuple(settings.FIELD_KEYS)).decrypt(token.encode()).decode()


def blind_index(text: str, *, realm: str) -> str:
    """A keyed digest (64 hex digits) by which an encrypted value can be found, not read.

    `realm` is the company's id, so that two companies' digests of one phone differ.
    """
    message = f"{realm}\x00{text}".encode()
    return hmac.new(settings.INDEX_KEY.encode(), message, hashlib.sha256).hexdigest()


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text that is stored encrypted (Fernet, newest key of FIELD_KEYS) and read in clear.

    It cannot be searched; keep a `blind_index` beside it. Empty text stays empty.
    """

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return encrypt(value) if value else value

    def from_db_value(self, value: Any, *_: Any) -> Any:
        return decrypt(value) if value else value
