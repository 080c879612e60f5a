"""The company's home: everybody begins where their work is."""

import pytest

from tests.conftest import SignIn
from tests.factories.cast import Cast


@pytest.mark.parametrize(
    ("role", "target"),
    [
        ("owner", "/jinxiu/my/"),
        ("technician", "/jinxiu/jobs/"),
        ("desk", "/jinxiu/queue/"),
        ("supervisor", "/jinxiu/late/"),
        ("manager", "/jinxiu/figures/"),
        ("admin", "/jinxiu/figures/"),
    ],
)
def test_home_is_where_the_work_is(jinxiu: Cast, sign_in: SignIn, role: str, target: str) -> None:
    answer = sign_in(jinxiu.members[role]).get("/jinxiu/")
    assert (answer.status_code, answer.headers["Location"]) == (302, target)


def test_home_does_not_exist_for_strangers(jinxiu: Cast, heyue: Cast, sign_in: SignIn) -> None:
    assert sign_in(heyue.desk).get("/jinxiu/").status_code == 404
