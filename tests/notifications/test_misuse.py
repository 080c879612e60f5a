"""What a gateway says about a number does not give the number away."""

import pytest

from notifications.channels import Letter, Undeliverable
from notifications.channels.sms import sms_post
from tests.notifications.conftest import MailServer

ADDRESS = "+8613900000009@sms.invalid"


def test_refused_sms_tells_no_number(mail_server: MailServer, settings: object) -> None:
    settings.SMS_URL = "mail://"  # type: ignore[attr-defined]
    letter = Letter("<1@x>", "锦绣物业", "+8613900000009", "x", "x")
    mail_server.answers[ADDRESS] = f"550 <{ADDRESS}> unknown"

    with sms_post() as post, pytest.raises(Undeliverable) as refused:
        post.send(letter)

    assert str(refused.value) == "550 <****@sms.invalid> unknown"
