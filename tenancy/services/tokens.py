"""Keys with which programs act as one member of one company."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenancy.models import ApiToken, Membership
from tenancy.models.token import TokenScope
from tenancy.permissions import Can
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
    if not scopes:
        raise NoScopes
    if TokenScope.PERSONAL in scopes and not membership.can(Can.REVEAL_PERSONAL):
        raise ScopeNotYours
    if expires_at is not None and expires_at <= now:
        raise AlreadyExpired
    if ApiToken.objects.filter(membership=membership).usable(now).count() >= MOST_TOKENS:
        raise TooManyTokens


def find_token(plain: str, now: datetime) -> ApiToken | None:
    """The usable token of that plain text in this company, its member still active; else None."""
    token: ApiToken | None = (
        ApiToken.objects.usable(now)
        .filter(Q(membership__is_active=True), digest=digest_of(plain))
        .select_related("membership__user")
        .first()
    )
    if token is None or not token.membership.user.is_active:
        return None
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
