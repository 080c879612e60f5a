"""The owner archive (业主档案): who somebody is, how to reach them, how to find them again."""

import re
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils.translation import gettext_lazy as _

from owners.models import Owner, Ownership
from owners.services.folding import fold
from owners.services.naming import sound_of, squeeze
from owners.services.personal import (
    BadIdNumber,
    BadPhone,
    index,
    mask_id_number,
    mask_phone,
    normal_id_number,
    normal_phone,
    tail_index,
)
from tenancy.services.actor import Actor
from tenancy.services.audit import record
from tenancy.services.refusal import Refused

__all__ = [
    "BadIdNumber", "BadPhone", "NameMissing", "NothingToReveal", "best_first", "create_owner",
    "describe", "find_owners", "mask_id_number", "mask_phone", "normal_phone", "reveal",
    "update_owner",
]  # fmt: skip

REVEALED = ("phone", "id_number")
NAME_LENGTH = 60
SPOKEN_ADDRESS = re.compile(r"[\d\W_栋幢座号楼单元室房]+")


class NameMissing(Refused):
    """Somebody without a name, or with one that is far too long."""

    code = "name_missing"
    sentence = _("Give a name of at most 60 characters.")


class NothingToReveal(Refused):
    """Asked for something that is not kept in secret."""

    code = "nothing_to_reveal"
    sentence = _("There is nothing to reveal.")


def describe(
    owner: Owner, *, name: str, phone: str = "", id_number: str = "", email: str = ""
) -> Owner:
    """Put a person's facts on a row, with everything that is derived from them. Saves nothing."""
    owner.name = " ".join(name.split())
    if not owner.name or len(owner.name) > NAME_LENGTH:
        raise NameMissing
    sound = sound_of(owner.name)
    owner.search_text, owner.sort_key = sound.search_text, sound.sort_key
    owner.phone = normal_phone(phone) if phone else ""
    owner.phone_index, owner.phone_tail_index = index(owner.phone), tail_index(owner.phone)
    owner.id_number = normal_id_number(id_number) if id_number else ""
    owner.id_number_index = index(owner.id_number)
    owner.email = email
    return owner


@transaction.atomic
def create_owner(
    *,
    name: str,
    by: Actor,
    now: datetime,
    phone: str = "",
    id_number: str = "",
    email: str = "",
) -> Owner:
    """Take a person into the archive."""
    owner = describe(Owner(), name=name, phone=phone, id_number=id_number, email=email)
    owner.save(force_insert=True)
    record(action="create_owner", subject=owner, by=by, now=now)
    return owner


@transaction.atomic
def update_owner(*, owner: Owner, by: Actor, now: datetime, **changes: str) -> Owner:
    """Change what is known about a person: any of name, phone, id_number, email."""
    row: Owner = Owner.objects.select_for_update(of=("self",)).get(pk=owner.pk)
    facts: dict[str, Any] = {
        "name": row.name, "phone": row.phone, "id_number": row.id_number, "email": row.email
    }  # fmt: skip
    before = dict(facts)
    describe(row, **{**facts, **changes})
    row.save()
    changed = sorted(name for name, value in before.items() if getattr(row, name) != value)
    record(action="update_owner", subject=row, by=by, now=now, changed=changed)
    return row


@transaction.atomic
def reveal(*, owner: Owner, field: str, by: Actor, now: datetime) -> str:
    """Show `phone` or `id_number` in clear, and write down who saw it."""
    value = str(getattr(owner, field)) if field in REVEALED else ""
    if not value:
        raise NothingToReveal
    record(action=f"reveal_{field}", subject=owner, by=by, now=now)
    return value


def find_owners(query: str) -> Any:
    """Whoever a few typed characters may mean: name, pinyin, initials, telephone number or its
    last four digits, identity number, or the address of a unit. Narrow it with `visible_to`.
    """
    text = fold(query.replace("\x00", ""))[:NAME_LENGTH]
    if not text:
        return Owner.objects.none()
    return Owner.objects.filter(_named(text) | _numbered(text) | _living_at(text))


def best_first(found: Any, query: str) -> Any:
    """Whose name, pinyin or initials begin with what was typed, then by the sound of the names."""
    text = squeeze(query.replace("\x00", ""))
    begins = Q(search_text__startswith=text) | Q(search_text__contains=f" {text}")
    return found.alias(begins=ExpressionWrapper(begins, BooleanField())).order_by(
        "-begins", "sort_key", "id"
    )


def _named(text: str) -> Q:
    # Within one company this reads a few thousand short texts; LIKE needs no index for that.
    return Q(search_text__contains=squeeze(text))


def _numbered(text: str) -> Q:
    """By digest: equality is all that an encrypted number, and row security, allow an index."""
    found = Q()
    if re.fullmatch(r"[0-9]{4}", text):
        found |= Q(phone_tail_index=tail_index(text))
    with suppress(BadPhone):
        found |= Q(phone_index=index(normal_phone(text)))
    with suppress(BadIdNumber):
        found |= Q(id_number_index=index(normal_id_number(text)))
    return found


def _living_at(text: str) -> Q:
    """By a unit's address as it is written, or as it is said: 3-2-1201 for 3栋2单元1201."""
    numbers = re.findall(r"\d+", text)
    if not numbers:
        return Q()
    told = Q(unit__label__icontains=squeeze(text))
    if len(numbers) > 1 and SPOKEN_ADDRESS.fullmatch(text):
        in_order = r"\D+".join(numbers)
        told |= Q(unit__label__regex=rf"(^|\D){in_order}\D*$")
    return Q(id__in=Ownership.objects.current().filter(told).values("owner_id"))
