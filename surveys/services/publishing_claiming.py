"""Holding a publication for a change, and writing down that it was changed."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from surveys.models import Publication
from surveys.services.wave import must_reach
from tenancy.models import Membership
from tenancy.services.actor import Actor
from tenancy.services.audit import record
from tenancy.services.refusal import Refused


class NobodyPublishes(Refused):
    """A machine tells owners nothing of its own accord."""

    code = "nobody_publishes"
    sentence = _("A publication is written and approved by people.")


def claimed(publication: Publication, by: Actor) -> Publication:
    """The publication, locked, for somebody who looks after its community."""
    rows = Publication.objects.select_for_update(of=("self",))
    found: Publication = rows.select_related("wave__survey", "wave__edition", "community").get(
        pk=publication.pk
    )
    must_reach(by.membership, frozenset({found.community_id}))
    return found


def who(by: Actor) -> Membership:
    """The person. Raises `NobodyPublishes` for the machine."""
    if by.membership is None:
        raise NobodyPublishes
    return by.membership


def touch(row: Publication, by: Actor, now: datetime, **detail: object) -> None:
    """Write down who changed it last: somebody else has to approve it."""
    row.changed_by, row.changed_at = who(by), now
    row.save(update_fields=["changed_by", "changed_at"])
    record(action="change_publication", subject=row, by=by, now=now, name=row.title, **detail)
