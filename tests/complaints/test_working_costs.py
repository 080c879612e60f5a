"""What a job took, who reads it, and how it is put right."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from complaints.models import Attachment, EventKind, Material, Payer, Ticket, TicketEvent
from complaints.models.work import WorkRecord
from complaints.services import handling, working, working_costs
from complaints.services.lifecycle import WrongState
from complaints.views.job_work import work_of
from tests.complaints.test_attaching import photo, upload
from tests.factories.cast import TUESDAY, Cast

HOUR = timedelta(hours=1)


@pytest.fixture
def ticket(scoped: Cast, settings: Any, tmp_path: Any) -> Ticket:
    settings.MEDIA_ROOT = str(tmp_path)
    return working.take(ticket=scoped.file(), by=scoped.actor("technician"), now=TUESDAY)


def add(cast: Cast, ticket: Ticket, by: str = "technician", **more: Any) -> Material:
    facts = {"name": "皮带", "quantity": Decimal(1), "unit_price": Decimal("9.99"), **more}
    return working_costs.add_material(ticket=ticket, by=cast.actor(by), now=TUESDAY, **facts)


def finish(cast: Cast, ticket: Ticket, **more: Any) -> Ticket:
    return working.finish(
        ticket=ticket, solution="好了", by=cast.actor("technician"), now=TUESDAY, **more
    )


def record(ticket: Ticket) -> WorkRecord:
    found: WorkRecord = WorkRecord.objects.get(ticket_id=ticket.pk)
    return found


def test_costs_are_whole_cents_line_by_line(scoped: Cast, ticket: Ticket) -> None:
    lines = [
        add(scoped, ticket, quantity=Decimal("0.33"), unit_price=Decimal("0.05")),  # 1.65 cents
        add(scoped, ticket, quantity=Decimal("0.5"), unit_price=Decimal("0.01")),  # half a cent
        add(scoped, ticket, quantity=Decimal("99999"), unit_price=Decimal("0.99")),
    ]
    finish(scoped, ticket, labour_fee=Decimal("50"))

    cost = working_costs.cost_of(record(ticket), Material.objects.all())
    assert [str(working_costs.amount(each)) for each in lines] == ["0.02", "0.01", "98999.01"]
    assert (str(cost.materials), str(cost.labour), str(cost.total)) == (
        "98999.04",
        "50.00",
        "99049.04",
    )


def test_a_record_and_a_material_have_names(scoped: Cast, ticket: Ticket) -> None:
    line = add(scoped, ticket)
    assert (str(line), str(record(ticket))) == ("皮带", "technician (1)")


def test_nothing_used_costs_nothing(scoped: Cast, ticket: Ticket) -> None:
    finish(scoped, ticket)
    assert str(working_costs.cost_of(record(ticket), []).total) == "0.00"


@pytest.mark.parametrize(
    "facts",
    [{"name": " "}, {"quantity": Decimal(0)}, {"unit_price": Decimal("-0.01")}],
)
def test_half_a_material_is_refused(scoped: Cast, ticket: Ticket, facts: dict[str, Any]) -> None:
    with pytest.raises(working_costs.MaterialIncomplete):
        add(scoped, ticket, **facts)


def test_a_job_has_so_many_materials_and_no_more(
    scoped: Cast, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working_costs, "MOST_MATERIALS", 1)
    add(scoped, ticket)
    with pytest.raises(working_costs.TooManyMaterials):
        add(scoped, ticket)


def test_after_it_is_done_only_those_who_correct_write(scoped: Cast, ticket: Ticket) -> None:
    line = add(scoped, ticket)
    finish(scoped, ticket)
    with pytest.raises(WrongState):
        add(scoped, ticket)

    added = add(scoped, ticket, by="desk", name="螺丝")
    working_costs.remove_material(
        ticket=ticket, material=line, by=scoped.actor("desk"), now=TUESDAY
    )
    assert list(Material.objects.all()) == [added]


def test_nobody_writes_on_what_is_closed(scoped: Cast, ticket: Ticket) -> None:
    finish(scoped, ticket)
    Ticket.objects.filter(pk=ticket.pk).update(status="closed", closed_at=TUESDAY)
    with pytest.raises(WrongState):
        add(scoped, ticket, by="desk")


def test_the_desk_does_no_work_in_passing(scoped: Cast) -> None:
    """Where nobody has worked, whoever corrects begins a record only if the job is theirs."""
    ticket = handling.assign(
        ticket=scoped.file(), assignee=scoped.technician, by=scoped.actor("desk"), now=TUESDAY
    )
    with pytest.raises(working.NotYourJob):
        add(scoped, ticket, by="desk")


def test_a_line_of_an_earlier_round_stays(scoped: Cast, ticket: Ticket) -> None:
    line = add(scoped, ticket)
    finish(scoped, ticket)
    ticket = handling.reopen(ticket=ticket, reason="又坏了", by=scoped.actor("desk"), now=TUESDAY)
    with pytest.raises(working_costs.NoRecord):
        working_costs.remove_material(
            ticket=ticket, material=line, by=scoped.actor("technician"), now=TUESDAY
        )


@pytest.mark.parametrize(("payer", "shown"), [(Payer.OWNER, True), (Payer.FUND, False)])
def test_owners_see_the_cost_that_is_theirs(
    scoped: Cast, ticket: Ticket, payer: str, shown: bool
) -> None:
    add(scoped, ticket)
    finish(scoped, ticket, payer=payer)

    mine, theirs = work_of(ticket, scoped.owner), work_of(ticket, scoped.desk)
    assert mine is not None
    assert theirs is not None
    assert (mine.shows_cost, len(mine.lines)) == (shown, int(shown))
    assert (theirs.shows_cost, len(theirs.lines)) == (True, 1)


def test_owners_see_no_cost_before_it_is_done(scoped: Cast, ticket: Ticket) -> None:
    add(scoped, ticket)
    work = work_of(ticket, scoped.owner)

    assert work is not None
    assert (work.shows_cost, work.lines) == (False, [])


def test_photos_stand_before_and_after(scoped: Cast, ticket: Ticket) -> None:
    by = scoped.actor("technician")
    for stage in ("before", "after", "after"):
        file = upload(photo())
        working.add_photo(ticket=ticket, stage=stage, upload=file, by=by, now=TUESDAY)
    work = work_of(ticket, scoped.owner)

    assert work is not None
    assert (len(work.before), len(work.after)) == (1, 2)
    assert Attachment.objects.filter(stage="").count() == 0


# --- putting it right ---


def correction(ticket: Ticket, **more: Any) -> dict[str, Any]:
    found = record(ticket)
    facts = {name: getattr(found, name) for name in working_costs.CORRECTED}
    return {"ticket": ticket, "now": TUESDAY + 9 * HOUR, **facts, **more}


def test_a_correction_says_what_it_was_before(scoped: Cast, ticket: Ticket) -> None:
    by = scoped.actor("technician")
    working.arrive(ticket=ticket, by=by, now=TUESDAY + HOUR)
    finish(scoped, ticket, minutes=400)
    facts = correction(ticket, minutes=40, arrived_at=TUESDAY, payer="owner")
    desk = scoped.actor("desk")
    working_costs.correct(by=desk, **facts)
    working_costs.correct(by=desk, **facts)  # nothing changes: nothing is written

    (event,) = TicketEvent.objects.filter(kind=EventKind.CORRECTED)
    assert [name for name, _before, _after in event.data["changes"]] == [
        "arrived_at", "minutes", "payer",
    ]  # fmt: skip
    assert event.data["changes"][1] == ["minutes", 400, 40]
    assert (record(ticket).minutes, record(ticket).payer) == (40, "owner")


@pytest.mark.parametrize(
    "facts",
    [
        {"set_off_at": TUESDAY + 2 * HOUR, "arrived_at": TUESDAY + HOUR},
        {"arrived_at": TUESDAY + 3 * HOUR, "done_at": TUESDAY + HOUR},
        {"done_at": TUESDAY + 10 * HOUR},
        {"set_off_at": TUESDAY - 25 * HOUR},
        {"set_off_at": datetime.min.replace(tzinfo=UTC)},
    ],
)
def test_times_stay_in_order(scoped: Cast, ticket: Ticket, facts: dict[str, Any]) -> None:
    finish(scoped, ticket)
    with pytest.raises(working_costs.StepsOutOfOrder):
        working_costs.correct(by=scoped.actor("desk"), **correction(ticket, **facts))


def test_there_is_nothing_to_correct_before_anybody_worked(scoped: Cast) -> None:
    nothing: dict[str, Any] = dict.fromkeys(working_costs.CORRECTED)
    with pytest.raises(working_costs.NoRecord):
        working_costs.correct(ticket=scoped.file(), by=scoped.actor("desk"), now=TUESDAY, **nothing)
