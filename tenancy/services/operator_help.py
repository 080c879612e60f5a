"""What operators do for one person, on the record of every company that the person is in."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tenancy.models import Membership, User
from tenancy.scope import company_scope
from tenancy.services.actor import MACHINE
from tenancy.services.audit import record
from tenancy.services.members import ids_of
from tenancy.services.operating import name_of, note, reason_of
from tenancy.services.refusal import Refused
from tenancy.services.second_factor import NotYourOwn, forget_second_factor
from tenancy.signals import second_factor_gone


class NobodyThere(Refused):
    """An account that does not exist, or has nothing to lose."""

    code = "no_such_account"
    sentence = _("There is no active account of this name with a second factor.")


@transaction.atomic
def take_factor_away(
    *, username: str, reason: str, by: User, now: datetime, address: str = ""
) -> User:
    """Let somebody set up their second factor anew; their companies read why."""
    user = User.objects.filter(username=username.strip(), is_active=True).first()
    if user is None:
        raise NobodyThere
    if user.pk == by.pk:
        raise NotYourOwn
    reason = reason_of(reason)
    if not forget_second_factor(user=user, reason=reason):
        raise NobodyThere
    note(
        action="reset_second_factor", by=by, reason=reason, address=address, now=now,
        account=user.username,
    )  # fmt: skip
    for company_id in ids_of(user):
        with company_scope(company_id):
            member = Membership.objects.get(user=user)
            record(
                action="reset_second_factor", subject=member, by=MACHINE, now=now,
                name=member.name, reason=reason, operator=name_of(by),
            )  # fmt: skip
            second_factor_gone.send(Membership, membership=member, by=MACHINE, now=now)
    return user
