"""A technician with a telephone, for the journeys: what they see, touch and wait for."""

import contextlib
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

from PIL import Image
from playwright.sync_api import Error, FilePayload, Page

from complaints.models import Ticket, TicketEvent
from complaints.services import handling, working
from tenancy.scope import company_scope
from tests.factories.cast import PASSWORD, TUESDAY, Cast
from tests.journeys.conftest import Arrival, Person

# Whether the worker keeps a page already.
KEPT = """async (path) => {
  for (const name of await caches.keys()) {
    if (name.startsWith("jobs:") && await (await caches.open(name)).match(path)) return true;
  }
  return false;
}"""
CONTROLLED = "() => navigator.serviceWorker.controller !== null"
WAITING = "async () => (await Outbox.all()).length"
# How a ticket comes into the technician's hands.
BEFORE = ("filed", "assigned", "accepted")
# What a browser says of a network that is not there; nothing else may be wrong.
NO_NETWORK = re.compile(r"net::ERR_(INTERNET_DISCONNECTED|FAILED|ABORTED|CONNECTION)")


def job(cast: Cast, title: str = "电梯又停了") -> Ticket:
    """A ticket that the technician has in hand."""
    ticket = cast.file(title=title)
    with company_scope(cast.company.pk):
        handling.assign(ticket=ticket, assignee=cast.technician, by=cast.actor("desk"), now=TUESDAY)
        return working.take(ticket=ticket, by=cast.actor("technician"), now=TUESDAY)


def kinds(cast: Cast, ticket: Ticket) -> list[str]:
    """What happened since it was accepted."""
    with company_scope(cast.company.pk):
        events = TicketEvent.objects.filter(ticket_id=ticket.pk).order_by("id")
        return [event.kind for event in events if event.kind not in BEFORE]


def at_work(cast: Cast, arrive: Arrival, ticket: Ticket, **how: Any) -> Person:
    """A technician with a telephone that has seen its jobs once."""
    person = arrive(width=390, height=844, **how)
    person.sign_in(cast.technician, "/jinxiu/jobs/")
    until(person.page, lambda: person.page.evaluate(KEPT, place(ticket)))
    return person


def place(ticket: Ticket) -> str:
    return f"/jinxiu/jobs/{ticket.pk}/"


def go_to(person: Person, ticket: Ticket) -> None:
    person.page.goto(f"{person.origin}{place(ticket)}")


def forgive_the_network(person: Person) -> None:
    """A browser complains about a dead spot; that is no fault of the page."""
    person.faults[:] = [fault for fault in person.faults if not NO_NETWORK.search(fault)]


def main_button(page: Page) -> Any:
    return page.locator("[data-next] .btn-primary:visible")


def wait_until_sent(page: Page) -> None:
    until(page, lambda: page.evaluate(WAITING) == 0)
    page.wait_for_load_state("networkidle")


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Wait for something that a page works on; it may be loaded anew meanwhile."""
    for _turn in range(200):
        with contextlib.suppress(Error):
            if holds():
                return
        page.wait_for_timeout(100)
    raise AssertionError(f"still waiting on {page.url}")


def picture() -> FilePayload:
    out = BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "JPEG")
    return {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def write_note(page: Page, text: str) -> None:
    page.locator("form[data-outbox=note]").evaluate("form => form.closest('details').open = true")
    page.locator("form[data-outbox=note] textarea").fill(text)
    page.locator("form[data-outbox=note] button").click()


def add_material(page: Page, name: str) -> None:
    form = page.locator("form[data-outbox=material]")
    form.evaluate("form => form.closest('details').open = true")
    form.locator("[name=name]").fill(name)
    form.locator("[name=unit_price]").fill("12.50")
    form.locator("button").click()


def sign_in(page: Page, origin: str, username: str) -> None:
    page.goto(f"{origin}/accounts/login/?next=/jinxiu/jobs/")
    page.locator("input[name=login]").fill(username)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/jinxiu/jobs/")
