"""Prepared answers, for programs."""

from uuid import uuid4

from tests.api.conftest import ApiOf
from tests.complaints.test_answer import prepared
from tests.factories.cast import Cast


def test_answers_through_the_api(jinxiu: Cast, heyue: Cast, api: ApiOf) -> None:
    theirs = prepared(heyue)
    supervisor, desk = api(jinxiu.supervisor), api(jinxiu.desk)
    facts = {"title": "已收到", "text": "{业主}您好", "category": str(jinxiu.lift.pk)}
    made = supervisor.post("answers/", facts)
    assert (made.status_code, made.json()) == (
        201,
        {**facts, "id": made.json()["id"], "language": ""},
    )
    pk = made.json()["id"]
    assert [row["id"] for row in desk.results("answers/")] == [pk]
    assert desk.get(f"answers/{theirs.pk}/").status_code == 404
    assert desk.post("answers/", facts).status_code == 403
    assert supervisor.post("answers/", facts).json()["code"] == "name_taken"
    unknown = supervisor.post("answers/", {**facts, "text": "{onwer}"})
    assert (unknown.status_code, unknown.json()["code"]) == (409, "unknown_place")
    nowhere = supervisor.post("answers/", {**facts, "category": str(uuid4())})
    assert nowhere.status_code == 400
    changed = supervisor.send("PUT", f"answers/{pk}/", {"title": "x", "text": "y"})
    assert (changed.json()["title"], changed.json()["category"]) == ("x", None)
    assert supervisor.send("DELETE", f"answers/{pk}/").status_code == 204
    assert desk.results("answers/") == []
