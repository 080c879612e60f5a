"""Keys with which programs act as one member of one company."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from tenancy.models import ApiToken, Membership
from tenancy.models.token import TokenScope
from tenancy.permissions import Can
from tenancy.scope import require_company_id
from tenancy.services.actor import Actor, Via
from tenancy.services.audit import record
from tenancy.services.refusal import Refused

SECRET_BYTES = 32
PREFIX_LENGTH = 8
MOST_TOKENS = 100


class NoScopes(Refused):
    """A token that may do nothing."""

    code = "token_without_scopes"
    sentence = _("Choose what the token may do.")


class ScopeNotYours(Refused):
    """A token cannot carry rights its member does not have."""

    code = "scope_not_yours"
    sentence = _("Your role does not allow seeing personal data in clear.")


class MayNotHaveTokens(Refused):
    """A role that comes and goes leaves no key behind."""

    code = "no_tokens_for_you"
    status = 403
    sentence = _("Your role does not allow API tokens.")


class AlreadyExpired(Refused):
    """A token that would never work."""

    code = "token_already_expired"
    sentence = _("The token must be valid until a moment in the future.")


class TooManyTokens(Refused):
    """A member who collects keys has lost sight of them."""

    code = "too_many_tokens"
    sentence = _("You have too many tokens. Revoke one first.")


def digest_of(plain: str) -> str:
    """What is kept of a token. It is long and random, so a plain digest cannot be guessed back."""
    return hashlib.sha256(plain.encode()).hexdigest()


@transaction.atomic
def make_token(
    *,
    membership: Membership,
    name: str,
    scopes: Iterable[str],
    expires_at: datetime | None,
    now: datetime,
    by: Actor | None = None,
) -> tuple[ApiToken, str]:
    """Make a token for a member; the plain text in the answer is never to be had again."""
    wanted = [scope for scope in TokenScope.values if scope in set(scopes)]
    refuse_bad_token(membership, wanted, expires_at, now)
    plain = secrets.token_urlsafe(SECRET_BYTES)
    token = ApiToken(
        membership=membership,
        name=name,
        prefix=plain[:PREFIX_LENGTH],
        digest=digest_of(plain),
        scopes=wanted,
        created_at=now,
        expires_at=expires_at,
    )
    token.save(force_insert=True)
    record(
        action="make_token",
        subject=token,
        by=by or Actor(membership, Via.PAGE),
        now=now,
        name=name,
        scopes=wanted,
    )
    return token, plain


def refuse_bad_token(
    membership: Membership, scopes: list[str], expires_at: datetime | None, now: datetime
) -> None:
    """Raise the refusal that applies, if any."""
    if not membership.can(Can.MAKE_TOKENS):
        raise MayNotHaveTokens
    if not scopes:
        raise NoScopes
    if TokenScope.PERSONAL in scopes and not membership.can(Can.REVEAL_PERSONAL):
        raise ScopeNotYours
    if expires_at is not None and expires_at <= now:
        raise AlreadyExpired
    if ApiToken.objects.filter(membership=membership).usable(now).count() >= MOST_TOKENS:
        raise TooManyTokens


def columns(model: type[Model], alias: str) -> tuple[list[str], str]:
    """A model's fields, and its columns under an alias."""
    names = [field.attname for field in model._meta.concrete_fields]
    return names, ", ".join(f'{alias}."{name}"' for name in names)


TOKEN, TOKEN_COLUMNS = columns(ApiToken, "t")
MEMBER, MEMBER_COLUMNS = columns(Membership, "m")
# By hand, because every request of the API asks it: writing the statement took the ORM several
# times as long as PostgreSQL takes to answer it.
FIND = f"""
SELECT {TOKEN_COLUMNS}, {MEMBER_COLUMNS}
FROM tenancy_apitoken t
JOIN tenancy_membership m ON m.company_id = t.company_id AND m.id = t.membership_id
JOIN tenancy_user u ON u.id = m.user_id
WHERE t.company_id = %s AND t.digest = %s AND t.revoked_at IS NULL
  AND (t.expires_at IS NULL OR t.expires_at > %s) AND m.is_active AND u.is_active
  AND (m.ends_at IS NULL OR m.ends_at > %s)
  AND (u.tokens_since IS NULL OR t.created_at >= u.tokens_since)
"""  # noqa: S608 - made of the columns of two models


def find_token(plain: str, now: datetime) -> ApiToken | None:
    """The usable token of that plain text in this company, its member still active; else None."""
    with connection.cursor() as cursor:
        cursor.execute(FIND, [require_company_id(), digest_of(plain), now, now])
        row = cursor.fetchone()
    if row is None:
        return None
    token = ApiToken.from_db(connection.alias, TOKEN, row[: len(TOKEN)])
    token.membership = Membership.from_db(connection.alias, MEMBER, row[len(TOKEN) :])
    remember_use(token, now)
    return token


def remember_use(token: ApiToken, now: datetime) -> None:
    """Note the day of use: once a day, or every API request would write."""
    if token.last_used_on != now.date():
        token.last_used_on = now.date()
        token.save(update_fields=["last_used_on"])


@transaction.atomic
def revoke_token(*, token: ApiToken, by: Actor, now: datetime) -> ApiToken:
    """Make a token worthless for ever. Revoking it twice changes nothing."""
    claimed: ApiToken = ApiToken.objects.select_for_update().get(pk=token.pk)
    if claimed.revoked_at is None:
        claimed.revoked_at = now
        claimed.save(update_fields=["revoked_at"])
        record(action="revoke_token", subject=claimed, by=by, now=now, name=claimed.name)
    return claimed
