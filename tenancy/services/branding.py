"""What a company is called and looks like: kept here, handed out as a style sheet and a picture."""

import hashlib
import io
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from tenancy.models import Company, CompanyLogo
from tenancy.services.actor import Actor
from tenancy.services.audit import record
from tenancy.services.contrast import HEX, WHITE, Palette, dark_palette, light_palette
from tenancy.services.pictures import BROKEN, upright
from tenancy.services.refusal import Refused
from tenancy.services.structure import tidy

LARGEST_LOGO = 2 * 1024 * 1024  # bytes sent to us
MOST_PIXELS = 16_000_000
LOGO_SIDE = 192  # pixels: sharp at 64 on the screens of today's phones
LOGO_FORMATS = ["JPEG", "PNG", "WEBP", "GIF"]
VERSION_LENGTH = 16
RAIL = "#12352e"  # as in tokens.css; what is drawn outside our pages knows no style sheet
# On a home screen: the side in pixels, and how much of it the mark takes. A telephone may cut
# whatever is maskable to a circle of four fifths.
ICONS = {"180": (180, 0.8), "192": (192, 0.84), "512": (512, 0.84), "maskable-512": (512, 0.56)}


class UnknownZone(Refused):
    """A place where no clock goes."""

    code = "unknown_zone"
    sentence = _("This time zone does not exist.")


class BadColour(Refused):
    """No colour."""

    code = "bad_colour"
    sentence = _("Write a colour like #0c6955.")


class LogoTooLarge(Refused):
    """More bytes or pixels than a logo needs."""

    code = "logo_too_large"
    sentence = _("The picture is too large: at most 2 MB.")


class NoPicture(Refused):
    """Neither PNG nor JPEG, whatever its name says; SVG can carry programs."""

    code = "logo_type_not_accepted"
    sentence = _("Choose a picture: PNG, JPEG, WebP or GIF. SVG is not accepted.")


@transaction.atomic
def set_company(*, company: Company, by: Actor, now: datetime, **facts: Any) -> Company:
    """Change what is publicly known of a company: name, hotline, zone, language."""
    row = Company.objects.select_for_update().get(pk=company.pk)
    if "name" in facts:
        facts["name"] = tidy(facts["name"])
    if facts.get("zone", row.zone) != row.zone and not is_zone(facts["zone"]):
        raise UnknownZone
    before = {name: getattr(row, name) for name in facts}
    changed = {name: value for name, value in facts.items() if before[name] != value}
    for name, value in changed.items():
        setattr(row, name, value)
    if changed:
        row.save(update_fields=list(changed))
        was = {name: before[name] for name in changed}
        record(action="set_company", subject=row, by=by, now=now, before=was, after=changed)
    return row


def is_zone(name: str) -> bool:
    """Whether we and the database both know it: figures are counted there. A server's own
    `localtime` is only ours."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_timezone_names WHERE name = %s)", [name])
        known: bool = cursor.fetchone()[0]
    return known and name in available_timezones()


@transaction.atomic
def set_colour(*, company: Company, colour: str, by: Actor, now: datetime) -> Company:
    """Take a colour as the company's own; empty goes back to the portal's."""
    colour = colour.strip().lower()
    if colour and not HEX.fullmatch(colour):
        raise BadColour
    return set_company(company=company, by=by, now=now, colour=colour)


@transaction.atomic
def set_logo(*, company: Company, upload: Any, by: Actor, now: datetime) -> Company:
    """Take an uploaded picture as the company's mark, drawn anew and small."""
    content = drawn(upload)
    row = Company.objects.select_for_update().get(pk=company.pk)
    CompanyLogo.objects.update_or_create(defaults={"content": content})
    row.logo = hashlib.sha256(content).hexdigest()[:VERSION_LENGTH]
    row.save(update_fields=["logo"])
    record(action="set_logo", subject=row, by=by, now=now)
    return row


@transaction.atomic
def remove_logo(*, company: Company, by: Actor, now: datetime) -> Company:
    """Go back to the portal's mark."""
    row = Company.objects.select_for_update().get(pk=company.pk)
    CompanyLogo.objects.all().delete()
    if row.logo:
        row.logo = ""
        row.save(update_fields=["logo"])
        record(action="remove_logo", subject=row, by=by, now=now)
    return row


def drawn(upload: Any) -> bytes:
    """The picture as a small PNG with nothing in it but its pixels."""
    if upload.size > LARGEST_LOGO:
        raise LogoTooLarge
    try:
        image: Any = Image.open(io.BytesIO(upload.read()), formats=LOGO_FORMATS)
        if image.width * image.height > MOST_PIXELS:
            raise LogoTooLarge
        image = upright(image).convert("RGBA")
        image.thumbnail((LOGO_SIDE, LOGO_SIDE))
        out = io.BytesIO()
        image.save(out, "PNG", optimize=True)
    except BROKEN:
        raise NoPicture from None
    return out.getvalue()


@lru_cache(maxsize=64)
def app_icon(content: bytes, kind: str) -> bytes:
    """The mark in the middle of a white square, as telephones want it for their home screen."""
    side, share = ICONS[kind]
    mark: Any = Image.open(io.BytesIO(content), formats=["PNG"])
    mark = ImageOps.contain(mark, (round(side * share),) * 2, Image.Resampling.LANCZOS)
    icon: Any = Image.new("RGB", (side, side), WHITE)
    icon.paste(mark, ((side - mark.width) // 2, (side - mark.height) // 2), mark)
    out = io.BytesIO()
    icon.save(out, "PNG", optimize=True)
    return out.getvalue()


def rail_of(company: Company) -> str:
    """The colour of the bar on top, on which light letters can be read."""
    return light_palette(company.colour).rail if company.colour else RAIL


def version_of(company: Company) -> str:
    """Changes whenever the company looks otherwise; for addresses that are kept for ever."""
    if not (company.colour or company.logo):
        return ""
    return hashlib.sha256(f"{company.colour} {company.logo}".encode()).hexdigest()[:12]


def style_sheet(colour: str) -> str:
    """The custom properties that a company's colour changes, for both themes."""
    if not colour:
        return ""
    light, dark = light_palette(colour), dark_palette(colour)
    return (
        "@layer tokens {\n"
        + rule(':root, [data-bs-theme="light"], .theme-light', light)
        + rule('[data-bs-theme="dark"], .theme-dark', dark)
        + "}\n"
    )


def rule(selector: str, palette: Palette) -> str:
    names = Palette.__dataclass_fields__
    lines = [f"  --{name.replace('_', '-')}: {getattr(palette, name)};" for name in names]
    return selector + " {\n" + "\n".join(lines) + "\n}\n"
