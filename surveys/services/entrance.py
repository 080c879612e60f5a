"""Coming in with a slip of paper, or with nothing but one's home and telephone."""

import hashlib
import itertools
import re
import unicodedata
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _, gettext_noop

from notifications.models import Kind
from notifications.services.mailing import Mail, mail_many
from owners.models import Owner, Ownership, Unit
from owners.services.folding import fold
from owners.services.personal import index, normal_phone
from surveys.models import Invitation, Stage
from surveys.services.inviting import hash_of, secret_of
from tenancy.models import Community, Company
from tenancy.scope import require_company_id
from tenancy.services.limiting import Unreachable, count
from tenancy.services.refusal import Refused

QUARTER, DAY = 15 * 60, 24 * 60 * 60
# A whole community may be behind one address.
MOST_CODES, MOST_ASKED = 40, 20
# SMS cost money, and nobody needs more of them.
MOST_OF_A_HOME = 3
# What paper and eyes make of letters that look alike: codes have neither 0, 1, 8 nor 9.
READ_AS = {"0": "o", "8": "b", "1": "il"}
MOST_GUESSES = 16
LOST = gettext_noop("Your link to the anonymous survey, open until %(closes_on)s.")


class NoSuchCode(Refused):
    """A code that opens nothing."""

    code = "no_such_code"
    status = 404
    sentence = _("This code is not known. It has four groups of four letters and digits.")


class TooManyTries(Refused):
    """Codes are being guessed, or links asked for without end."""

    code = "too_many_tries"
    status = 429
    sentence = _("Too many tries. Please wait a while, or call us.")


def secret_for(*, typed: str, address: str) -> str:
    """The secret that somebody has typed off a slip. Raises `NoSuchCode`, or `TooManyTries`."""
    candidates = readings(typed)
    hashes = {hash_of(each): each for each in candidates}
    found = Invitation.objects.filter(secret_hash__in=list(hashes)).values_list("secret_hash")
    row = found.first()
    if row is not None:
        return hashes[row[0]]
    limit(f"survey-code:{address}", QUARTER, MOST_CODES)
    raise NoSuchCode


def readings(typed: str) -> list[str]:
    """What may be meant: without blanks, and with the letters that are taken for digits."""
    plain = unicodedata.normalize("NFKC", typed[-200:]).lower().rsplit("/s/")[-1]
    letters = [READ_AS.get(sign, sign) for sign in re.sub(r"[^a-z0-9]", "", plain)[:32]]
    return ["".join(each) for each in itertools.islice(itertools.product(*letters), MOST_GUESSES)]


def limit(name: str, window: int, most: int, *, strict: bool = False) -> None:
    """Count it; raises `TooManyTries`, which without Redis is said only of what costs money."""
    try:
        times = count(name, window=window).times
    except Unreachable:
        times = most + strict
    if times > most:
        raise TooManyTries


def send_link(*, community: Community, home: str, phone: str, address: str, now: datetime) -> None:
    """Send somebody's link to the number that the archive has, if it is theirs and that home's.

    Whoever asks learns nothing of whether it is. Raises `BadPhone`, or `TooManyTries`.
    """
    number = normal_phone(phone)
    limit(f"survey-lost-from:{address}", QUARTER, MOST_ASKED, strict=True)
    said = f"{community.pk}:{parts_of(home)}:{number}"
    digest = hashlib.sha256(said.encode()).hexdigest()[:32]
    limit(f"survey-lost:{digest}", DAY, MOST_OF_A_HOME, strict=True)
    owners = list(Owner.objects.filter(phone_index=index(number)))
    ties = Ownership.objects.current().filter(owner__in=owners, unit__community=community)
    units = Unit.objects.in_use().filter(id__in=ties.values("unit_id"))
    meant = [unit.pk for unit in units if is_meant(home, unit)]
    if meant:
        mail_many(links_for(owners, meant, number, now), now=now)


def links_for(owners: list[Owner], units: list[UUID], number: str, now: datetime) -> list[Mail]:
    """A letter for each invitation that is still open to these people."""
    company = Company.objects.get(pk=require_company_id())
    rows = Invitation.objects.filter(
        unit_id__in=units, wave__stage=Stage.OPEN, is_used=False, membership=None
    )
    people = {owner.pk: owner for owner in owners}
    return [
        Mail(
            kind=Kind.SURVEY,
            name=people.get(row.owner_id, owners[0]).name,
            phone=number,
            email=people.get(row.owner_id, owners[0]).email,
            message=LOST,
            params={"title": row.wave.survey.title, "closes_on": row.wave.closes_on},
            secret_path=f"/{company.slug}/s/{secret_of(row)}/",
            subject_id=row.wave_id,
            reference_id=row.pk,
            dedupe_key=f"survey:{row.pk}:lost:{now:%Y%m%d%H%M}",
        )
        for row in rows.select_related("wave__survey")
        if row.owner_id is None or row.owner_id in people
    ]


def is_meant(typed: str, unit: Unit) -> bool:
    """Whether this is how somebody writes their home: 8栋2单元1201, 8栋1201, or only 1201.

    The last part says which home it is; before it anything may be left out, nothing added. Who
    has several homes that fit is meant with all of them: the number has shown who it is.
    """
    said, known = parts_of(typed), parts_of(unit.label)
    rest = iter(known)
    return bool(said) and said[-1:] == known[-1:] and all(part in rest for part in said)


def parts_of(home: str) -> list[str]:
    """The numbers and letters of a home's address, whatever stands between them."""
    return re.findall(r"[a-z]+|\d+", fold(home[:60]))
