"""What the portal itself does for the benchmark of answers: a survey that runs, and its count."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from owners.models import Building, Owner, Ownership, Unit
from surveys.models import Ballot, Invitation
from surveys.services.answering import questionnaire_of
from surveys.services.inviting import secret_of
from surveys.services.survey import create_survey
from surveys.services.wave import open_wave, plan_wave
from tenancy.models import Community, Company
from tenancy.scope import company_scope
from tenancy.services.actor import MACHINE

BUILDINGS = 50
# The five-dimension questionnaire's size: 22 marks, a choice and a word.
DOCUMENT = {
    "sections": [
        {
            "title": "服务",
            "questions": [
                *(
                    {
                        "kind": "rating",
                        "key": f"r{number}",
                        "text": f"第{number}项",
                        "required": True,
                    }
                    for number in range(22)
                ),
                {
                    "kind": "single",
                    "key": "via",
                    "text": "怎么联系？",
                    "choices": [{"key": "phone", "text": "电话"}, {"key": "desk", "text": "前台"}],
                },
                {"kind": "text", "key": "words", "text": "还想说什么？"},
            ],
        }
    ]
}


def survey(slug: str, homes: int) -> dict[str, Any]:
    """A survey of so many homes, open now; the secrets of their links."""
    now = timezone.now()
    with company_scope(Company.objects.get(slug=slug).pk):
        settle(homes)
        asked = create_survey(title="调查", document=DOCUMENT, by=MACHINE, now=now)
        wave = plan_wave(
            survey=asked, name="一", opens_on=now.date() - timedelta(days=1),
            closes_on=now.date() + timedelta(days=9), by=MACHINE, now=now,
            today=now.date() - timedelta(days=1),
        )  # fmt: skip
        wave = open_wave(wave=wave, by=MACHINE, now=now)
        invitations = Invitation.objects.filter(wave=wave)
        keys = list(questionnaire_of(wave.edition).by_key)
        return {"wave": str(wave.pk), "secrets": [secret_of(i) for i in invitations], "keys": keys}


def settle(homes: int) -> None:
    """Homes that somebody lives in."""
    community = Community.objects.create(name="一万户")
    places = Building.objects.bulk_create(
        Building(community=community, name=f"{number}栋") for number in range(BUILDINGS)
    )
    units = Unit.objects.bulk_create(
        Unit(
            building=places[number % BUILDINGS],
            community=community,
            number=str(number),
            label=f"{number}",
        )
        for number in range(homes)
    )
    people = Owner.objects.bulk_create(Owner(name=f"业主{number}") for number in range(homes))
    Ownership.objects.bulk_create(
        Ownership(owner=owner, unit=unit) for owner, unit in zip(people, units, strict=True)
    )


def heard(slug: str, wave: str) -> dict[str, int]:
    """How many have answered, and how many answers there are."""
    with company_scope(Company.objects.get(slug=slug).pk):
        return {
            "used": Invitation.objects.filter(wave_id=wave, is_used=True).count(),
            "ballots": Ballot.objects.filter(wave_id=wave).count(),
        }


ASKED: dict[str, Callable[..., Any]] = {"survey": survey, "heard": heard}
