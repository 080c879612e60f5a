"""What the company set itself, as a job on somebody's phone."""

from typing import Any

import pytest
from django.urls import reverse

from complaints.models import Status, Ticket
from complaints.services import attaching
from tenancy.scope import company_scope
from tests.complaints.test_attaching import photo, upload
from tests.complaints.test_own_work import LATER, set_task
from tests.conftest import SignIn
from tests.factories.cast import Cast


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path


def state_of(cast: Cast, task: Ticket) -> str:
    with company_scope(cast.company.pk):
        return str(Ticket.objects.get(pk=task.pk).status)


def test_task_is_a_job_and_is_finished_with_something_that_shows_it(
    jinxiu: Cast, sign_in: SignIn
) -> None:
    with company_scope(jinxiu.company.pk):
        task = set_task(jinxiu, assignee=jinxiu.technician)
    phone = sign_in(jinxiu.technician)
    done = {"solution": "单元门已逐个检查", "payer": "company"}
    finish = reverse("complaints:job_finish", args=["jinxiu", task.pk])

    assert task.title in phone.get(reverse("complaints:jobs", args=["jinxiu"])).content.decode()
    assert phone.get(reverse("complaints:job_detail", args=["jinxiu", task.pk])).status_code == 200

    refused = phone.post(finish, done)
    assert (refused.status_code, state_of(jinxiu, task)) == (409, Status.ACCEPTED)
    assert done["solution"] in refused.content.decode()

    with company_scope(jinxiu.company.pk):
        attaching.attach(
            ticket=task, upload=upload(photo()), by=jinxiu.actor("technician"), now=LATER
        )
    phone.post(finish, done)
    assert state_of(jinxiu, task) == Status.RESOLVED
