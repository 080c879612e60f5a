"""What an answer cost is told where it is wanted, and only there."""

from django.conf import settings
from django.test import Client, override_settings

from tests.conftest import SignIn
from tests.factories.cast import Cast

TIMING = "config.timing.TimingMiddleware"


def test_answer_says_how_many_statements_it_took(jinxiu: Cast, sign_in: SignIn) -> None:
    with override_settings(MIDDLEWARE=[TIMING, *settings.MIDDLEWARE]):
        told = sign_in(jinxiu.desk).get("/jinxiu/queue/").headers["Server-Timing"]
    assert int(told.split('desc="')[1].split(" ")[0]) > 3


def test_nothing_is_told_in_production(db: None) -> None:
    assert TIMING not in settings.MIDDLEWARE
    assert "Server-Timing" not in Client().get("/accounts/login/").headers
