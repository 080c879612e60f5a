"""Who else waits for a ticket, for its page at the desk."""

from django import template

from complaints.models import Supporter, Ticket
from tenancy.models import Membership
from tenancy.permissions import Can

register = template.Library()


@register.simple_tag
def supporters(ticket: Ticket, me: Membership) -> list[Supporter]:
    """`{% supporters row me as waiting %}`: the first to join comes first; names are for staff
    who may read the archive."""
    if not me.can(Can.READ_OWNERS):
        return []
    rows = Supporter.objects.visible_to(me).filter(ticket_id=ticket.pk)
    return list(rows.select_related("owner").order_by("joined_at", "id"))
