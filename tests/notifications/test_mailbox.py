"""The demo's mailbox page."""

import mailbox
import os
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from notifications.services.mailbox import newest_mails

pytestmark = pytest.mark.django_db


def put(directory: Path, to: str, subject: str, text: str, at: int) -> None:
    mail = EmailMessage()
    mail["To"], mail["Subject"] = to, subject
    mail.set_content(text)
    if subject == "HTML":
        mail.set_content("<p>html</p>", subtype="html")
    box = mailbox.Maildir(directory)
    key = box.add(mail)
    os.utime(directory / box._lookup(key), (at, at))  # type: ignore[attr-defined]


@pytest.fixture
def box(tmp_path: Path, settings: Any) -> Path:
    settings.DEMO = True
    settings.MAILBOX_DIR = str(tmp_path / "box")
    return tmp_path / "box"


def test_mailbox_shows_the_newest_first(client: Client, box: Path) -> None:
    put(box, "desk@jinxiu.example", "电梯又停了", "三号楼 <script>", 1_700_000_000)
    put(box, "+8613900000009@sms.invalid", "code", "您的验证码是 123456", 1_700_000_100)
    put(box, "a@b.example", "HTML", "", 1_600_000_000)
    response = client.get("/mailbox/")
    assert [(mail.recipient, mail.is_sms) for mail in response.context["mails"]] == [
        ("+8613900000009", True),
        ("desk@jinxiu.example", False),
        ("a@b.example", False),
    ]
    text = response.content.decode()
    assert "您的验证码是 123456" in text
    assert "三号楼 &lt;script&gt;" in text


def test_mailbox_shows_only_the_last_ones(box: Path) -> None:
    for number in range(3):
        put(box, f"{number}@b.example", "s", "t", 1_700_000_000 + number)
    assert [mail.recipient for mail in newest_mails(box, count=2)] == ["2@b.example", "1@b.example"]


def test_mailbox_without_mail_says_so(client: Client, box: Path) -> None:
    response = client.get("/mailbox/")
    assert (response.status_code, response.context["mails"]) == (200, [])


def test_mailbox_shows_a_mail_that_is_no_mail(box: Path) -> None:
    (box / "new").mkdir(parents=True)
    (box / "new" / "1").write_bytes(b"\xff\xfe\x00 not a mail")
    (mail,) = newest_mails(box, count=5)
    assert (mail.recipient, mail.subject, mail.is_sms) == ("", "", False)


def test_mailbox_exists_in_the_demo_only(client: Client, box: Path, settings: Any) -> None:
    put(box, "desk@jinxiu.example", "s", "t", 1_700_000_000)
    settings.DEMO = False
    assert client.get("/mailbox/").status_code == 404
    settings.DEMO = True
    assert client.post("/mailbox/").status_code == 405
