"""The guide inside the portal: the right chapter, its pictures, nothing of other roles' work."""

import re
from urllib.parse import unquote

import pytest
from django.contrib.staticfiles import finders

from reports.services.guide import CHAPTERS, FOLDER
from tests.conftest import SignIn
from tests.factories.cast import Cast

TITLES = {
    "owner": "业主",
    "technician": "一线员工",
    "desk": "客服前台",
    "supervisor": "主管",
    "manager": "项目经理",
    "admin": "公司管理员",
}


@pytest.mark.parametrize(("role", "title"), TITLES.items())
def test_guide_opens_at_the_chapter_of_the_role(
    jinxiu: Cast, sign_in: SignIn, role: str, title: str
) -> None:
    answer = sign_in(jinxiu.members[role]).get("/jinxiu/help/")
    assert (answer.status_code, answer.context["heading"]) == (200, title)


def test_owner_is_not_led_through_the_work_of_the_staff(jinxiu: Cast, sign_in: SignIn) -> None:
    owner = sign_in(jinxiu.owner)
    assert owner.get("/jinxiu/help/desk/").status_code == 404
    assert owner.get("/jinxiu/help/nothing/").status_code == 404
    shown = {chapter.slug for chapter, _, _ in owner.get("/jinxiu/help/").context["chapters"]}
    assert shown <= {"README", "owner", "account"}


def test_every_picture_and_link_of_the_guide_leads_somewhere(jinxiu: Cast, sign_in: SignIn) -> None:
    staff = sign_in(jinxiu.admin)
    for chapter in CHAPTERS:
        if not chapter.path.exists():
            continue
        html = staff.get(f"/jinxiu/help/{chapter.slug}/").content.decode()
        for picture in re.findall(r'src="/static/(guide/[^"]+)"', html):
            assert finders.find(picture), picture
        for link, part in re.findall(r'href="(/jinxiu/help/[^"#]+)(?:#([^"]+))?"', html):
            found = staff.get(link)
            assert found.status_code == 200, link
            assert not part or f' id="{unquote(part)}"' in found.content.decode(), part
        assert 'src="pictures/' not in html


def test_every_picture_of_the_guide_is_shown_somewhere() -> None:
    text = "".join(path.read_text() for path in FOLDER.glob("*.md"))
    unused = [path.name for path in (FOLDER / "pictures").glob("*.png") if path.name not in text]
    assert unused == []
