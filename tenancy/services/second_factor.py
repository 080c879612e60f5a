"""The second factor: who must have one, and what happens when somebody has lost theirs."""

from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tenancy.models import Company, Membership, User
from tenancy.services.actor import Actor
from tenancy.services.audit import record
from tenancy.services.refusal import Refused
from tenancy.signals import second_factor_gone

# Recovery codes stand in for one of these; alone they are none.
FACTORS = (Authenticator.Type.TOTP.value, Authenticator.Type.WEBAUTHN.value)
USUAL_GRACE = timedelta(days=7)
LONGEST_GRACE = timedelta(days=30)
SHORTEST_REASON = 5


class SecondFactorMissing(Refused):
    """The company lets its staff in with a second factor only."""

    code = "second_factor_missing"
    status = 403
    sentence = _("This company requires a second factor. Set one up in your account first.")


class SecondFactorWanted(Refused):
    """A password alone is not enough for somebody who has a second factor."""

    code = "second_factor_wanted"
    status = 401
    sentence = _("Send the code of your authenticator app, or one of your recovery codes, as well.")


class TooMuchGrace(Refused):
    """A second factor that is required one day is not required."""

    code = "too_much_grace"
    sentence = _("At most 30 days can be given.")


class ReasonMissing(Refused):
    """Something that must be accounted for."""

    code = "reason_missing"
    sentence = _("Say why, in a few words: it is written down.")


class NotYourOwn(Refused):
    """Who has lost their own second factor asks somebody else."""

    code = "not_your_own"
    sentence = _("Change your own second factor in your account.")


class NotYoursAlone(Refused):
    """One company must not weaken an account that opens another one too."""

    code = "account_not_yours_alone"
    sentence = _("For this person only the operator of the platform can do it. Please ask them.")


def has_second_factor(user: User) -> bool:
    """Whether more than a password stands before somebody's account."""
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists())


def refuse_without_code(user: User, code: str) -> None:
    """Where no page can ask for it, the second factor comes along with the password."""
    if not has_second_factor(user):
        return
    for factor in Authenticator.objects.filter(user_id=user.pk).exclude(
        type=Authenticator.Type.WEBAUTHN
    ):
        if code and factor.wrap().validate_code(code):
            return
    raise SecondFactorWanted


@transaction.atomic
def require_second_factor(
    *,
    company: Company,
    required: bool,
    by: Actor,
    now: datetime,
    grace: timedelta = USUAL_GRACE,
) -> Company:
    """Let nobody of the staff in without a second factor, from the end of the grace on."""
    if not timedelta(0) <= grace <= LONGEST_GRACE:
        raise TooMuchGrace
    row = Company.objects.select_for_update().get(pk=company.pk)
    if required == (row.second_factor_from is not None):
        return row
    row.second_factor_from = now + grace if required else None
    row.save(update_fields=["second_factor_from"])
    since = row.second_factor_from.isoformat() if row.second_factor_from else None
    record(action="require_second_factor", subject=row, by=by, now=now, since=since)
    return row


@transaction.atomic
def reset_second_factor(
    *, member: Membership, reason: str, elsewhere: bool, by: Actor, now: datetime
) -> int:
    """Somebody has lost their device and their recovery codes: they set up anew. How many went.

    Their password stays, so that whoever asks for this does not get in by it. `elsewhere`: the
    account opens other companies or the operators' pages as well.
    """
    if member.pk == by.membership_id:
        raise NotYourOwn
    if elsewhere:
        raise NotYoursAlone
    gone = forget_second_factor(user=member.user, reason=reason)
    record(
        action="reset_second_factor", subject=member, by=by, now=now,
        name=member.name, reason=reason.strip(),
    )  # fmt: skip
    second_factor_gone.send(Membership, membership=member, by=by, now=now)
    return gone


def forget_second_factor(*, user: User, reason: str) -> int:
    """Take every factor away and sign out everywhere; the caller has asked who may."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonMissing
    gone, _each = Authenticator.objects.filter(user_id=user.pk).delete()
    end_sessions(user)
    return int(gone)


def end_sessions(user: User, *, but: str = "") -> None:
    """Sign somebody out wherever they are signed in, but for one session."""
    for session in UserSession.objects.filter(user_id=user.pk).exclude(session_key=but):
        session.end()


def end_weaker_sessions(request: Any, user: User, authenticator: Authenticator, **_m: Any) -> None:
    """With the first factor, whoever is signed in by the password alone has to sign in anew."""
    others = Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS)
    if not others.exclude(pk=authenticator.pk).exists():
        end_sessions(user, but=request.session.session_key or "")
