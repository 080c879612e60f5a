"""Examples for the documentation. The people and places are invented."""

ID = "019a1b2c-0000-7000-8000-00000000000"

NEW_TICKET = {
    "unit": f"{ID}1",
    "kind": "complaint",
    "category": f"{ID}2",
    "urgency": "normal",
    "channel": "phone",
    "title": "电梯又停了",
    "description": "三号楼电梯今早又停了，老人下不了楼。",
}

TICKET = {
    "id": f"{ID}4",
    "number": "261110-0007",
    "status": "new",
    "kind": "complaint",
    "complaint_class": "facilities",
    "category": f"{ID}2",
    "category_name": "电梯",
    "urgency": "normal",
    "channel": "phone",
    "title": "电梯又停了",
    "description": "三号楼电梯今早又停了，老人下不了楼。",
    "solution": "",
    "community": f"{ID}5",
    "unit": f"{ID}1",
    "unit_label": "3栋1201",
    "owner": f"{ID}6",
    "owner_name": "张伟",
    "department": f"{ID}7",
    "assignee": None,
    "assignee_name": None,
    "filed_by": f"{ID}8",
    "cycle": 1,
    "created_at": "2026-11-10T01:00:00+00:00",
    "accepted_at": None,
    "resolved_at": None,
    "closed_at": None,
    "urged_at": None,
    "next_due_at": "2026-11-10T02:00:00+00:00",
    "late": False,
    "deadlines": [
        {
            "promise": "callback",
            "cycle": 1,
            "due_at": "2026-11-11T01:00:00+00:00",
            "met_at": None,
            "breached_at": None,
            "paused": False,
            "dropped_at": None,
            "retry_at": None,
            "explanation": {"due_at": "2026-11-11T09:00:00+08:00", "steps": []},
        }
    ],
    "ratings": [],
}
