"""What templates say: moments, countdowns, explanations, icons, navigation, troubles."""

import re
from datetime import UTC, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from tenancy.calendar import Measure, Period, Span, WorkingCalendar, explain
from tenancy.models import Membership
from tenancy.official import CountryCalendar
from tenancy.templatetags import moments
from tenancy.templatetags.explaining import tell
from tenancy.templatetags.icons import DRAWINGS
from tests.conftest import SignIn
from tests.factories.cast import SHANGHAI, TUESDAY, Cast

OFFICE = (Period(time(8, 30), time(12)), Period(time(13, 30), time(18)))


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with translation.override("en"):
        yield


def rendered(text: str, **context: Any) -> str:
    context.setdefault("now", TUESDAY)
    return Template("{% load portal %}" + text).render(Context(context)).strip()


# --- moments ---


def test_moment_is_told_in_the_zone_of_the_company() -> None:
    at = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
    company = SimpleNamespace(zone="Asia/Shanghai")
    assert rendered("{% when at %}", at=at, company=company) == (
        '<time datetime="2026-11-22T15:30:00+08:00">Sun 22 Nov, 15:30</time>'
    )
    assert rendered("{% when at %}", at=at, company=SimpleNamespace(zone="UTC")) == (
        '<time datetime="2026-11-22T07:30:00+00:00">Sun 22 Nov, 07:30</time>'
    )


@pytest.mark.parametrize(
    ("shape", "text"),
    [("moment", "Sun 22 Nov 2026, 15:30"), ("day", "Sun 22 Nov 2026"), ("time", "15:30")],
)
def test_moment_of_another_year_names_it(shape: str, text: str) -> None:
    at = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
    later = TUESDAY.replace(year=2027)
    assert f">{text}</time>" in rendered("{% when at shape %}", at=at, shape=shape, now=later)


def test_no_moment_is_nothing() -> None:
    assert rendered("{% when at %}{% countdown at %}", at=None) == ""


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(seconds=59), "0 minutes"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(hours=3, minutes=5), "3 hours 5 minutes"),
        (timedelta(hours=24), "1 day"),
        (timedelta(days=2, hours=3, minutes=5), "2 days 3 hours"),
    ],
)
def test_length_is_told_in_two_units_at_most(length: timedelta, text: str) -> None:
    assert moments.written_length(length) == text


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(minutes=119), "119 minutes"),
        (timedelta(minutes=120), "2 hours"),
        (timedelta(hours=23, minutes=59), "23 hours"),
        (timedelta(hours=24), "1 day"),
        (timedelta(hours=47, minutes=59), "1 day"),
    ],
)
def test_rough_length_is_told_in_one_unit(length: timedelta, text: str) -> None:
    assert moments.rough_length(length) == text
    assert rendered("{{ at|age:now }}", at=TUESDAY - length) == text


# --- countdowns ---


@pytest.mark.parametrize(
    ("due", "met", "paused", "state", "text"),
    [
        (timedelta(hours=2), None, False, "ok", "2 hours left"),
        (timedelta(minutes=119), None, False, "soon", "119 minutes left"),
        (timedelta(0), None, False, "soon", "0 minutes left"),
        (timedelta(days=-2), None, False, "late", "2 days late"),
        (timedelta(hours=3), None, True, "paused", "paused"),
        (timedelta(hours=1), timedelta(hours=1), False, "kept", "kept"),
        (timedelta(hours=-5), timedelta(hours=-2), False, "missed", "kept 3 hours late"),
    ],
)
def test_countdown_says_how_a_promise_stands(
    due: timedelta, met: timedelta | None, paused: bool, state: str, text: str
) -> None:
    met_at = None if met is None else TUESDAY + met
    chip = moments.countdown(TUESDAY + due, TUESDAY, met_at=met_at, paused=paused)
    assert (chip.state, chip.text) == (state, text)


def test_countdown_chip_ticks_in_the_words_of_the_page() -> None:
    chip = rendered("{% countdown due label='callback' %}", due=TUESDAY + timedelta(hours=3))
    for part in (
        'class="countdown countdown-ok"',
        'data-countdown="2026-11-10T12:00:00+08:00"',
        'data-left="{} left"',
        'data-late="{} late"',
        'title="Due Tue 10 Nov, 12:00"',
        '<span class="countdown-label">callback</span>',
        '<span class="countdown-text">3 hours left</span>',
    ):
        assert part in chip


def test_countdown_chip_of_a_kept_promise_stands_still() -> None:
    chip = rendered("{% countdown due met %}", due=TUESDAY, met=TUESDAY)
    assert "data-countdown" not in chip


# --- explanations ---


def explained(start: str, span: Span, calendar: WorkingCalendar | None = None) -> list[str]:
    usual = WorkingCalendar(
        "Asia/Shanghai",
        dict.fromkeys(range(5), OFFICE),
        official=CountryCalendar("CN"),
        moves_weekends=True,
    )
    stored = explain(calendar or usual, datetime.fromisoformat(start), span).as_dict()
    return tell(stored, SHANGHAI, TUESDAY)


def test_golden_week_is_explained() -> None:
    assert explained("2026-09-30T16:00+08:00", Span(1, Measure.working_days)) == [
        "Received Wed 30 Sep, 16:00",
        "Wed 30 Sep, 16:00–18:00: 2 hours counted",
        "National Day: 7 days not counted",
        "Thu 8 Oct, 08:30–12:00: 3 hours 30 minutes counted",
        "Thu 8 Oct, 13:30–16:00: 2 hours 30 minutes counted",
        "Due Thu 8 Oct, 16:00",
    ]


def test_makeup_workday_and_long_way_are_explained() -> None:
    assert explained("2026-02-12T20:00+08:00", Span(5, Measure.working_days)) == [
        "Received Thu 12 Feb, 20:00",
        "Fri 13 Feb, 08:30–18:00: 8 hours counted",
        "Sat 14 Feb, 08:30–18:00 (make-up workday): 8 hours counted",
        "Spring Festival: 9 days not counted",
        "Tue 24 Feb, 08:30 – Thu 26 Feb, 18:00: 24 hours counted",
        "Due Thu 26 Feb, 18:00",
    ]


def test_weekend_and_an_unpublished_year_are_explained() -> None:
    told = explained("2031-08-01T17:30+08:00", Span(60, Measure.working_minutes))
    assert told[2:] == [
        "weekend: 2 days not counted",
        "Mon 4 Aug 2031, 08:30–09:00: 30 minutes counted",
        "Due Mon 4 Aug 2031, 09:00",
        "The official calendar of a year on the way is not published yet: estimated.",
    ]


def test_emergency_is_explained() -> None:
    assert explained("2026-11-10T23:00+08:00", Span(30 * 60, Measure.clock_minutes)) == [
        "Received Tue 10 Nov, 23:00",
        "Tue 10 Nov, 23:00 – Thu 12 Nov, 05:00: counted around the clock, 1 day 6 hours",
        "Due Thu 12 Nov, 05:00",
    ]


def test_own_days_are_explained_by_their_note() -> None:
    at = {"from": "2026-11-10T09:00:00+08:00", "until": "2026-11-10T10:00:00+08:00"}
    steps = [
        {"kind": "own_open_day", "counted": 3600, "names": ["迎新"], "days": 0, **at},
        {"kind": "own_open_day", "counted": 3600, "names": [], "days": 0, **at},
        {"kind": "own_closed_day", "counted": 0, "names": ["店庆"], "days": 1, **at},
        {"kind": "own_closed_day", "counted": 0, "names": [], "days": 2, **at},
        {"kind": "night", "counted": 0, "names": [], "days": 0, **at},
    ]
    assert tell({"steps": steps}, SHANGHAI, TUESDAY) == [
        "Tue 10 Nov, 09:00–10:00 (迎新): 1 hour counted",
        "Tue 10 Nov, 09:00–10:00 (open by exception): 1 hour counted",
        "店庆: 1 day not counted",
        "closed that day: 2 days not counted",
    ]


def test_explanation_is_a_list_of_sentences_or_nothing() -> None:
    stored = {"steps": [{"kind": "due", "at": TUESDAY.isoformat()}]}
    listed = '<ol class="explanation">\n  <li>Due Tue 10 Nov, 09:00</li>\n  </ol>'
    assert rendered("{% explanation stored %}", stored=stored) == listed
    assert rendered("{% explanation stored %}", stored={}) == ""


# --- icons, permissions, navigation ---


@pytest.mark.parametrize("name", sorted(DRAWINGS))
def test_every_icon_is_drawn(name: str) -> None:
    drawing = rendered("{% icon name %}", name=name)
    assert drawing.count("<svg") == 1
    assert 'aria-hidden="true"' in drawing


def test_icon_with_words_speaks() -> None:
    assert 'role="img" aria-label="&lt;late&gt;"' in rendered(
        "{% icon 'late' words %}", words="<late>"
    )


def test_unknown_icon_and_unknown_action_are_mistakes() -> None:
    with pytest.raises(KeyError):
        rendered("{% icon 'unicorn' %}")
    with pytest.raises(ValueError, match="fly"):
        rendered("{{ me|can:'fly' }}", me=Membership(roles=["desk"]))


def test_can_asks_the_table() -> None:
    text = "{{ me|can:'read_queue' }} {{ nobody|can:'read_queue' }} {{ owner|can:'read_queue' }}"
    members = {"me": Membership(roles=["desk"]), "owner": Membership(roles=["owner"])}
    assert rendered(text, nobody=None, **members) == "True False False"


def test_frame_follows_the_role() -> None:
    text = "{{ a|shell }} {{ b|shell }} {{ c|shell }}"
    members = {"a": Membership(roles=["owner", "desk"]), "b": Membership(roles=["owner"])}
    assert rendered(text, c=None, **members) == "staff owner visitor"


def test_page_outside_a_company_leads_nowhere() -> None:
    assert rendered(
        "{% company_url 'reports:home' company %}|{% places 'staff' as x %}{{ x }}"
    ) == ("|[]")


def test_page_that_is_not_installed_leads_nowhere(jinxiu: Cast) -> None:
    text = "{% company_url 'moon:landing' company %}"
    assert rendered(text, company=jinxiu.company) == ""


def test_neighbouring_page_keeps_the_filters() -> None:
    request = RequestFactory().get("/", {"status": "open", "page": "3"})
    assert rendered("{% other_page 3 1 %}", request=request) == "?status=open&amp;page=4"


@pytest.mark.parametrize(
    ("role", "place", "names"),
    [
        ("owner", "owner", ["my_tickets", "ticket_file", "inbox", "owner_me"]),
        ("owner", "staff", []),
        ("technician", "staff", ["jobs", "queue"]),
        ("desk", "staff", ["queue", "call_list", "owner_list", "interviews"]),
        (
            "supervisor",
            "staff",
            [
                "queue",
                "call_list",
                "late",
                "owner_list",
                "answer_list",
                "interviews",
                "survey_list",
            ],
        ),
        (
            "manager",
            "staff",
            [
                "figures",
                "queue",
                "call_list",
                "late",
                "owner_list",
                "answer_list",
                "interviews",
                "survey_list",
            ],
        ),
        (
            "admin",
            "staff",
            [
                "figures",
                "queue",
                "call_list",
                "late",
                "owner_list",
                "answer_list",
                "interviews",
                "survey_list",
                "setup",
            ],
        ),
        ("technician", "make", []),
        ("desk", "make", ["ticket_take"]),
        ("desk", "account", ["preferences", "guide", "tokens", "my_surveys"]),
        ("admin", "account", ["preferences", "guide", "tokens", "my_surveys"]),
    ],
)
def test_navigation_shows_what_the_role_may_use(
    jinxiu: Cast, role: str, place: str, names: list[str]
) -> None:
    text = "{% places place as links %}{% for link in links %}{{ link.entry.name }} {% endfor %}"
    shown = rendered(text, place=place, company=jinxiu.company, me=jinxiu.members[role])
    assert [name.split(":")[1] for name in shown.split()] == names


def test_navigation_marks_where_one_is(jinxiu: Cast, sign_in: SignIn) -> None:
    page = sign_in(jinxiu.desk).get("/jinxiu/queue/").content.decode()
    marked = re.findall(r'<a class="rail-link[^>]* href="([^"]+)"[^>]* aria-current="page"', page)
    assert marked == ["/jinxiu/queue/"]


def test_bell_counts_what_is_unread(jinxiu: Cast, sign_in: SignIn) -> None:
    jinxiu.file()
    page = sign_in(jinxiu.owner).get("/jinxiu/tokens/").content.decode()
    assert '<span class="unread-count">1<span' in page
    assert "unread-count" not in sign_in(jinxiu.admin).get("/jinxiu/tokens/").content.decode()


# --- troubles ---


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "429", "500", "503"])
def test_trouble_is_told_without_database_or_request(name: str) -> None:
    page = render_to_string(f"{name}.html")
    assert f'<p class="trouble-number">{name[:3]}</p>' in page
    assert "style=" not in page


def test_missing_page_wears_the_product(db: None) -> None:
    answer = Client().get("/there/is/nothing")
    assert answer.status_code == 404
    assert 'class="trouble-number">404<' in answer.content.decode()


def test_forbidden_page_wears_the_product(jinxiu: Cast, sign_in: SignIn) -> None:
    answer = sign_in(jinxiu.owner).get("/jinxiu/queue/")
    assert answer.status_code == 403
    assert 'class="trouble-number">403<' in answer.content.decode()


def test_form_without_its_token_is_told_why(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "x"})
    assert answer.status_code == 403
    assert 'class="trouble-number">403<' in answer.content.decode()
