"""What somebody who means ill tries through the API."""

from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from complaints.models import CallbackOutcome, PauseReason
from complaints.services.attaching import attach
from complaints.services.calling import call_back
from complaints.services.handling import accept, pause, reopen, resolve
from owners.models import Building, Ownership, Unit
from tenancy.models import Community, MembershipCommunity
from tenancy.scope import company_scope
from tests.api.conftest import ApiOf
from tests.factories.cast import Cast

SECRET = "只给同事看"


def test_owner_reads_nothing_that_staff_write_for_each_other(jinxiu: Cast, api: ApiOf) -> None:
    ticket, desk, now = jinxiu.file(), jinxiu.actor("desk"), timezone.now()
    with company_scope(jinxiu.company.pk):
        accept(ticket=ticket, by=desk, now=now)
        call_back(ticket=ticket, outcome=CallbackOutcome.BUSY, note=SECRET, by=desk, now=now)
        pause(ticket=ticket, reason=PauseReason.PART, note=SECRET, by=desk, now=now)
        resolve(ticket=ticket, solution="换了主板", by=desk, now=now)
        reopen(ticket=ticket, reason=SECRET, by=desk, now=now)
    paths = [f"tickets/{ticket.pk}/{part}/" for part in ("events", "callbacks")]

    for path in paths:
        assert SECRET in api(jinxiu.desk).get(path).content.decode()
        assert SECRET not in api(jinxiu.owner).get(path).content.decode()
    events = {each["kind"]: each["data"] for each in api(jinxiu.owner).results(paths[0])}
    assert events["paused"] == {"reason": "part"}
    assert events["called_back"]["outcome"] == "busy"
    assert events["reopened"] == {}
    assert events["resolved"] == {"solution": "换了主板"}


def test_file_is_handed_out_under_the_ending_of_what_it_is(
    jinxiu: Cast, api: ApiOf, files: Path
) -> None:
    upload = SimpleUploadedFile("bill.html", b"%PDF-1.4 <script>alert(1)</script>")
    ticket = jinxiu.file()
    with company_scope(jinxiu.company.pk):
        row = attach(ticket=ticket, upload=upload, by=jinxiu.actor("owner"), now=timezone.now())

    answer = api(jinxiu.desk).get(f"tickets/{ticket.pk}/attachments/{row.pk}/content/")

    assert answer["Content-Disposition"] == 'attachment; filename="bill.pdf"'
    answer.close()


def test_homes_in_other_communities_are_not_shown(jinxiu: Cast, api: ApiOf) -> None:
    with company_scope(jinxiu.company.pk):
        other = Community.objects.create(name="别处")
        building = Building.objects.create(community=other, name="9栋")
        unit = Unit.objects.create(building=building, community=other, number="901", label="9栋901")
        Ownership.objects.create(owner=jinxiu.resident, unit=unit)
        jinxiu.desk.all_communities = False
        jinxiu.desk.save()
        MembershipCommunity.objects.create(membership=jinxiu.desk, community=jinxiu.community)

    seen = api(jinxiu.desk).get(f"owners/{jinxiu.resident.pk}/").json()["units"]

    assert [tie["label"] for tie in seen] == ["3栋1201"]
    for path in ("owners/", "tickets/take/owners/?q=1201"):
        browser = api(jinxiu.desk).browser
        browser.force_login(jinxiu.desk.user, "django.contrib.auth.backends.ModelBackend")
        assert "9栋901" not in browser.get(f"/jinxiu/{path}").content.decode()
