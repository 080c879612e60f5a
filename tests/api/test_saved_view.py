"""Views of the queue, for programs."""

from tests.api.conftest import ApiOf
from tests.complaints.test_saved_view import kept
from tests.factories.cast import Cast


def test_views_through_the_api(jinxiu: Cast, heyue: Cast, api: ApiOf) -> None:
    theirs = kept(heyue)
    desk = api(jinxiu.desk)
    made = desk.post("views/", {"name": "报修", "query": "page=2&kind=repair"})
    assert (made.status_code, made.json()["query"]) == (201, "kind=repair")
    pk = made.json()["id"]
    assert desk.post("views/", {"name": "报修"}).json()["code"] == "name_taken"
    changed = desk.send("PUT", f"views/{pk}/", {"name": "x", "is_shared": True})
    assert (changed.status_code, changed.json()["code"]) == (409, "not_your_view")
    assert [row["id"] for row in desk.results("views/")] == [pk]
    assert desk.get(f"views/{theirs.pk}/").status_code == 404
    changed = desk.send("PUT", f"views/{pk}/", {"name": "x", "is_shared": False})
    assert (changed.status_code, changed.json()["name"]) == (200, "x")
    assert desk.send("DELETE", f"views/{pk}/").status_code == 204
    assert desk.results("views/") == []
