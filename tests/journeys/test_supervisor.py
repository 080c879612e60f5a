"""A supervisor's day: what came up, who has room, many tickets handed over, without a mouse."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from complaints.models import EventKind, Ticket, TicketEvent
from complaints.services.enforcement_batch import Surroundings, enforce_batch
from tenancy.models import Absence, AuditEntry
from tenancy.scope import company_scope
from tests.factories.cast import TUESDAY, Cast, cast_of
from tests.journeys.conftest import Arrival, Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """Three tickets that nobody accepted; the machine has told the supervisor."""
    made = cast_of("jinxiu", "锦绣物业")
    for number in range(3):
        made.file(title=f"电梯又停了 {number}")
    with company_scope(made.company.pk):
        made.technician.work_phone = "+8613900000009"
        made.technician.save(update_fields=["work_phone"])
        enforce_batch(
            around=Surroundings(now=TUESDAY), now=TUESDAY + timedelta(minutes=90), batch=100
        )
    return made


def arrived(cast: Cast, arrive: Arrival, place: str, **how: Any) -> Person:
    person = arrive(**how)
    person.sign_in(cast.members["supervisor"], f"/jinxiu/{place}")
    return person


def fits(person: Person) -> bool:
    found: bool = person.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return found


@pytest.mark.parametrize("look", [{"width": 390}, {"lang": "en", "dark": True}])
def test_pages_of_the_supervisor_hurt_nobody(
    cast: Cast, arrive: Arrival, look: dict[str, Any]
) -> None:
    with company_scope(cast.company.pk):
        today = timezone.localdate()
        Absence.objects.create(
            membership=cast.technician, starts_on=today, ends_on=today, covered_by=cast.desk
        )
        ticket = Ticket.objects.earliest("id")
    supervisor = arrived(cast, arrive, "late/", **look)
    for place in (
        "late/?state=late&scope=all",
        "late/escalated/",
        "late/escalated/?tab=seen",
        "late/loads/",
        f"late/reassign/?tickets={ticket.pk}",
    ):
        supervisor.visit(f"/jinxiu/{place}")


def test_everything_late_is_handed_over_by_keyboard(cast: Cast, arrive: Arrival) -> None:
    supervisor = arrived(cast, arrive, "late/?state=late")
    supervisor.press("[data-ticks]", " ")
    boxes = supervisor.page.locator('input[name="tickets"]')
    assert [boxes.nth(n).is_checked() for n in range(boxes.count())] == [True] * boxes.count()
    supervisor.press(f'input[name="tickets"][value="{ticket_of(boxes, 0)}"]', " ")
    assert supervisor.page.evaluate("document.querySelector('[data-ticks]').indeterminate")
    supervisor.page.keyboard.press(" ")
    # Nobody chosen yet: the next page says who has room.
    supervisor.follow(".late-bar button")
    expect(supervisor.page.locator(".reassign-tickets li")).to_have_count(3)
    choose(supervisor, f"{cast.engineering.pk}:{cast.technician.pk}")
    supervisor.write("textarea[name=note]", "请今天处理")
    supervisor.follow(".split-aside button")
    assert "3 张工单" in supervisor.text(".messages")
    with company_scope(cast.company.pk):
        handlers = list(Ticket.objects.values_list("assignee_id", flat=True))
        assert AuditEntry.objects.filter(action="reassign_many").count() == 1
    assert handlers == [cast.technician.pk] * 3


def choose(person: Person, value: str) -> None:
    """Walk through the people with the arrow keys."""
    person.reach("input[name=to]")
    for _press in range(20):
        person.page.keyboard.press("ArrowDown")
        if person.page.evaluate("document.querySelector('input[name=to]:checked').value") == value:
            return
    raise AssertionError(f"no way by keyboard to {value}")


def ticket_of(boxes: Any, number: int) -> str:
    value: str = boxes.nth(number).get_attribute("value")
    return value


def test_what_came_up_is_called_about_and_seen(cast: Cast, arrive: Arrival) -> None:
    supervisor = arrived(cast, arrive, "late/escalated/")
    expect(supervisor.page.locator(".matter")).to_have_count(3)
    # One press shows the number, on the record, and dials it.
    supervisor.page.evaluate(
        "addEventListener('click', (event) => {"
        " const link = event.target.closest('a[href^=tel]'); if (!link) return;"
        " event.preventDefault(); document.body.dataset.dialled = link.getAttribute('href');"
        " }, true)"
    )
    supervisor.press(".matter form[data-dials] button")
    body = supervisor.page.locator("body")
    expect(body).to_have_attribute("data-dialled", "tel:+8613800000001")
    supervisor.follow('.matter form[action$="/seen/"] button')
    expect(supervisor.page.locator(".matter")).to_have_count(2)
    with company_scope(cast.company.pk):
        assert TicketEvent.objects.filter(kind=EventKind.SEEN).count() == 1
        assert AuditEntry.objects.filter(action="reveal_phone").count() == 1
