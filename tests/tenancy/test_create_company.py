"""A company on board in one command."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from complaints.models import Category, Kind, Promise, PromiseKind, ServicePolicy, Ticket
from complaints.models.category import ComplaintClass
from complaints.services.promises import Clockwork
from owners.models import Owner
from tenancy.calendar import Measure, Span
from tenancy.models import Company, CompanyCalendar, Department, Membership, User
from tenancy.scope import company_scope
from tests.factories.cast import leave_nobody

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def first_day(db: None) -> None:
    leave_nobody()


def create(slug: str = "yinhe", name: str = "银河物业", admin: str = "boss", *more: str) -> str:
    out = StringIO()
    call_command("create_company", slug, "--name", name, "--admin", admin, *more, stdout=out)
    return out.getvalue()


def test_company_is_on_board() -> None:
    told = json.loads(create("yinhe", "银河物业", "boss", "--json"))
    company = Company.objects.get(slug="yinhe")
    user = User.objects.get(username="boss")
    assert told == {
        "id": str(company.id),
        "slug": "yinhe",
        "name": "银河物业",
        "address": "http://localhost:8000/yinhe/",
        "admin": "boss",
        "password": told["password"],
    }
    assert user.check_password(told["password"])
    with company_scope(company.id):
        membership = Membership.objects.get()
        assert (membership.user, membership.roles) == (user, ["admin"])
        assert list(Department.objects.order_by("position").values_list("name", flat=True)) == [
            "客服部", "工程部", "秩序部", "保洁绿化部", "财务部",
        ]  # fmt: skip
        calendar = CompanyCalendar.objects.get()
        assert (calendar.country, calendar.moves_weekends) == ("CN", True)
        assert calendar.week == {
            str(weekday): [["08:30", "12:00"], ["13:30", "18:00"]] for weekday in range(5)
        }
        assert ServicePolicy.objects.get().warn_before == 120


def test_company_begins_with_categories_of_every_kind_and_class() -> None:
    create()
    with company_scope(Company.objects.get().id):
        rows = Category.objects.all()
        assert {row.kind for row in rows} == set(Kind.values)
        assert {row.complaint_class for row in rows} == {*ComplaintClass.values, ""}
        assert [row.name for row in rows if not (row.name_en and row.department_id)] == []


@pytest.mark.parametrize(
    ("promise", "category", "urgency", "span"),
    [
        ("acceptance", ("complaint", "噪音扰民"), "normal", Span(60, Measure.working_minutes)),
        ("acceptance", ("complaint", "噪音扰民"), "emergency", Span(30, Measure.clock_minutes)),
        ("acceptance", ("praise", "表扬员工"), "normal", Span(1, Measure.working_days)),
        ("callback", ("complaint", "噪音扰民"), "normal", Span(1, Measure.working_days)),
        ("callback", ("complaint", "电梯困人"), "emergency", Span(1, Measure.working_days)),
        ("callback", ("praise", "表扬员工"), "normal", Span(1, Measure.working_days)),
        ("resolution", ("complaint", "噪音扰民"), "normal", Span(3, Measure.working_days)),
        ("resolution", ("complaint", "电梯故障"), "urgent", Span(1, Measure.working_days)),
        ("resolution", ("complaint", "水管爆裂"), "emergency", Span(240, Measure.clock_minutes)),
        ("resolution", ("complaint", "电梯困人"), "emergency", Span(60, Measure.clock_minutes)),
        ("resolution", ("suggestion", "服务建议"), "normal", Span(10, Measure.working_days)),
        ("follow_up", ("repair", "水管维修"), "normal", Span(1, Measure.working_days)),
        ("follow_up", ("praise", "表扬员工"), "normal", None),
        ("follow_up", ("enquiry", "费用咨询"), "normal", None),
    ],
)
def test_company_begins_with_promises(
    promise: str, category: tuple[str, str], urgency: str, span: Span | None
) -> None:
    create()
    with company_scope(Company.objects.get().id):
        kind, name = category
        row = Category.objects.get(kind=kind, name=name)
        ticket = Ticket(kind=kind, category=row, urgency=urgency)
        assert Clockwork().span(PromiseKind(promise), ticket) == span


def test_admin_who_has_an_account_joins_with_it() -> None:
    create()
    before = User.objects.get().password
    told = json.loads(create("xinghai", "星海物业", "boss", "--json"))
    assert told["password"] == ""
    assert User.objects.get().password == before


def test_command_speaks_to_people() -> None:
    first, second = create(), create("xinghai", "星海物业", "boss")
    assert "http://localhost:8000/yinhe/" in first
    assert "shown this once" in first
    assert "unchanged" in second


@pytest.mark.parametrize("slug", ["Yinhe", "y", "银河", "1st", "a" * 41, "yin he", "yin\n"])
def test_impossible_slug_is_refused(slug: str) -> None:
    with pytest.raises(CommandError, match="2"):
        create(slug)
    assert (Company.objects.count(), User.objects.count()) == (0, 0)


def test_reserved_slug_is_refused() -> None:
    with pytest.raises(CommandError, match="admin"):
        create("admin")
    assert (Company.objects.count(), User.objects.count()) == (0, 0)


def test_taken_slug_is_refused_and_leaves_nothing() -> None:
    create()
    with pytest.raises(CommandError, match="yinhe"):
        create("yinhe", "另一家物业", "other")
    assert (Company.objects.count(), User.objects.count()) == (1, 1)


@pytest.mark.parametrize(("name", "admin"), [(" ", "boss"), ("长" * 81, "boss"), ("银河", " ")])
def test_missing_names_are_refused(name: str, admin: str) -> None:
    with pytest.raises(CommandError):
        create("yinhe", name, admin)
    assert (Company.objects.count(), User.objects.count()) == (0, 0)


def test_two_companies_begin_alike_and_apart() -> None:
    create()
    create("xinghai", "星海物业", "other")
    for company in Company.objects.all():
        with company_scope(company.id):
            assert {row.company_id for row in Category.objects.all()} == {company.id}
            assert {row.company_id for row in Promise.objects.all()} == {company.id}
            assert Owner.objects.count() == 0
