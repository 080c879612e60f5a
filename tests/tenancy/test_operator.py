"""The platform operator's pages."""

import pytest
from django.test import Client
from django.urls import reverse

from tenancy.models import Company, User
from tests.factories.cast import Cast


@pytest.fixture
def operator(db: None) -> Client:
    client = Client()
    client.force_login(
        User.objects.create_superuser("operator", "operator@example.com", "x"),
        "django.contrib.auth.backends.ModelBackend",
    )
    return client


@pytest.mark.parametrize("page", ["index", "tenancy_company_changelist", "tenancy_user_changelist"])
def test_the_operator_sees_companies_and_people(jinxiu: Cast, operator: Client, page: str) -> None:
    assert operator.get(reverse(f"admin:{page}")).status_code == 200


def test_the_operator_suspends_a_company(jinxiu: Cast, operator: Client, client: Client) -> None:
    address = reverse("admin:tenancy_company_change", args=[jinxiu.company.pk])

    answer = operator.post(
        address, {"name": "锦绣物业", "zone": "Asia/Shanghai", "hotline": "", "_save": ""}
    )

    assert answer.status_code == 302
    assert Company.objects.get(slug="jinxiu").is_active is False
    client.force_login(jinxiu.desk.user, "django.contrib.auth.backends.ModelBackend")
    assert client.get("/jinxiu/queue/").status_code == 404


def test_the_operator_neither_makes_nor_deletes_companies(jinxiu: Cast, operator: Client) -> None:
    assert operator.get(reverse("admin:tenancy_company_add")).status_code == 403
    address = reverse("admin:tenancy_company_delete", args=[jinxiu.company.pk])
    assert operator.post(address, {"post": "yes"}).status_code == 403


def test_the_operator_sees_no_phone(jinxiu: Cast, operator: Client) -> None:
    user = jinxiu.owner.user
    user.set_phone("+8613800000001")
    user.save()

    page = operator.get(reverse("admin:tenancy_user_change", args=[user.pk]))

    assert "13800000001" not in page.content.decode()


@pytest.mark.parametrize("role", ["owner", "desk", "admin"])
def test_nobody_else_gets_in(jinxiu: Cast, client: Client, role: str) -> None:
    client.force_login(jinxiu.members[role].user, "django.contrib.auth.backends.ModelBackend")

    assert client.get(reverse("admin:index")).status_code == 302


def test_the_operator_has_no_way_into_a_company(jinxiu: Cast, operator: Client) -> None:
    assert operator.get("/jinxiu/queue/").status_code == 404
