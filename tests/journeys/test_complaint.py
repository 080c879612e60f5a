"""The whole story, by keyboard: an owner complains, is answered, is not content, is heard."""

import pytest
from django.utils.translation import gettext, override
from playwright.sync_api import expect

from complaints.models import Status, Ticket
from tenancy.models import Company
from tenancy.scope import company_scope
from tests.factories.cast import Cast, cast_of
from tests.journeys.conftest import Arrival, Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = "三号楼电梯又停了。老人下不了楼，请快一点。"


def files_a_complaint(owner: Person, cast: Cast) -> str:
    """The owner signs in on the telephone and speaks up; returns the ticket's address."""
    owner.sign_in(cast.owner, f"/{cast.company.slug}/")
    owner.follow(".speak-up")
    owner.press("[name=category]", "Space")
    owner.write("textarea[name=text]", WORDS)
    owner.follow(".speak .btn-primary")
    assert owner.text(".receipt-number")
    owner.follow(".receipt-ways .btn-primary")
    return owner.page.url


def takes_it_on(desk: Person, cast: Cast, address: str) -> None:
    """The desk has it in its queue, accepts on its own page, hands over and calls back."""
    desk.page.clock.install()
    desk.sign_in(cast.desk, f"/{cast.company.slug}/queue/")
    found_in_the_queue(desk, address)
    acts(desk, "[action$='/accept/'] button")
    desk.press("details:has([action$='/assign/']) > summary")
    desk.write("[action$='/assign/'] select", "technician")
    acts(desk, "[action$='/assign/'] button")
    calls(desk, "reached_satisfied")


def found_in_the_queue(person: Person, address: str) -> None:
    """It stands in the queue; beside the queue one acts by keys, here on the ticket's page."""
    ticket = address.rstrip("/").rpartition("/")[2]
    assert person.page.locator(f".queue-title[href*='{ticket}']").count() == 1
    person.page.goto(address)
    person.look()


def acts(person: Person, selector: str) -> None:
    """What staff do is held back for eight seconds, in case it is taken back (docs/adr/0012)."""
    person.press(selector)
    held = person.page.locator("#actions .is-held")
    expect(held).to_be_visible()
    person.page.clock.fast_forward(8_000)
    expect(held).to_have_count(0)
    person.look()


def calls(desk: Person, outcome: str) -> None:
    if not desk.page.locator("details:has([action$='/call/'])").evaluate("fold => fold.open"):
        desk.press("details:has([action$='/call/']) > summary")
    desk.write("[action$='/call/'] textarea", "约好下午上门")
    acts(desk, f"[action$='/call/'] button[value={outcome}]")


def solves_it(technician: Person, cast: Cast, address: str) -> None:
    """The technician's work is on the telephone."""
    technician.page.clock.install()
    technician.sign_in(cast.technician, f"/{cast.company.slug}/queue/")
    found_in_the_queue(technician, address)
    technician.press("details:has([action$='/resolve/']) > summary")
    technician.write("[action$='/resolve/'] textarea", "更换了控制板，试运行正常。")
    acts(technician, "[action$='/resolve/'] button")


def is_not_content(owner: Person, address: str) -> None:
    """One star: the first."""
    owner.page.goto(address)
    owner.look()
    owner.press("[name=fixed]", "ArrowDown")
    owner.press("[name=score]", "Space")
    owner.write("textarea[name=comment]", "第二天又停了")
    owner.follow("#rating .btn-primary")


@pytest.mark.parametrize(
    ("lang", "code", "dark"), [("zh-CN", "zh-hans", False), ("en", "en", True)]
)
def test_complaint_from_the_first_word_to_the_supervisor(
    arrive: Arrival, lang: str, code: str, dark: bool
) -> None:
    cast, rival = cast_of("jinxiu", "锦绣物业"), cast_of("heyue", "和悦物业")
    rival.file()
    how = {"lang": lang, "dark": dark}
    owner, desk = arrive(width=390, height=844, **how), arrive(**how)
    address = files_a_complaint(owner, cast)
    takes_it_on(desk, cast, address)
    solves_it(arrive(width=390, height=844, **how), cast, address)
    desk.page.goto(address)
    calls(desk, "reached_satisfied")
    is_not_content(owner, address)
    with override(code):
        told = gettext("Opened again because you are not content. A supervisor looks after it now.")
    assert told in owner.text(".timeline")
    supervisor = arrive(**how)
    supervisor.sign_in(cast.supervisor, f"/{cast.company.slug}/queue/")
    found_in_the_queue(supervisor, address)
    with company_scope(cast.company.pk):
        ticket = Ticket.objects.get()
    assert (ticket.status, ticket.cycle, ticket.assignee_id) == (
        Status.ACCEPTED,
        2,
        cast.supervisor.pk,
    )
    sees_nothing_of_it(arrive(**how), rival, ticket)


def sees_nothing_of_it(stranger: Person, rival: Cast, ticket: Ticket) -> None:
    """The other company's desk: its own queue, and nothing behind the neighbour's addresses."""
    stranger.sign_in(rival.desk, f"/{rival.company.slug}/queue/")
    assert str(ticket.pk) not in stranger.page.content()
    company = Company.objects.get(pk=ticket.company_id)
    answers = [
        stranger.page.request.get(f"{stranger.origin}/{place}").status
        for place in (
            f"{company.slug}/tickets/{ticket.pk}/",
            f"{company.slug}/queue/",
            f"{rival.company.slug}/tickets/{ticket.pk}/",
        )
    ]
    assert answers == [404, 404, 404]
