"""The desk's queue, as each role sees it."""

import pytest
from django.urls import reverse

from tests.conftest import SignIn
from tests.factories.cast import Cast


def queue(cast: Cast) -> str:
    return reverse("complaints:queue", kwargs={"company": cast.company.slug})


def test_queue_shows_the_ticket_and_not_the_rivals(
    jinxiu: Cast, heyue: Cast, sign_in: SignIn
) -> None:
    ticket, theirs = jinxiu.file(), heyue.file()
    page = sign_in(jinxiu.desk).get(queue(jinxiu)).content.decode()
    assert (str(ticket.pk) in page, str(theirs.pk) in page) == (True, False)
