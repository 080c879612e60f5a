"""API tokens: made, shown once, found by their plain text, revoked."""

import hashlib
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tenancy.models import ApiToken, AuditEntry, Membership, User
from tenancy.models.token import TokenScope
from tenancy.scope import company_scope
from tenancy.services import tokens
from tenancy.services.refusal import Refused
from tenancy.services.tokens import find_token, make_token, revoke_token
from tests.conftest import SignIn
from tests.factories.cast import TUESDAY, Cast

READ = [TokenScope.READ]


def make(cast: Cast, role: str = "desk", **more: object) -> tuple[ApiToken, str]:
    facts = {"name": "门岗", "scopes": READ, "expires_at": None, "now": TUESDAY, **more}
    return make_token(membership=cast.members[role], **facts)  # type: ignore[arg-type]


def test_token_keeps_its_digest_only(scoped: Cast) -> None:
    token, plain = make(scoped)
    token.refresh_from_db()
    assert token.digest == hashlib.sha256(plain.encode()).hexdigest()
    assert (token.prefix, len(plain)) == (plain[:8], 43)
    assert plain not in str(token.__dict__.values())


def test_token_is_found_by_its_plain_text(scoped: Cast) -> None:
    token, plain = make(scoped)
    assert [find_token(plain, TUESDAY), find_token(plain, TUESDAY)] == [token, token]
    assert find_token(plain + "x", TUESDAY) is None
    token.refresh_from_db()
    assert token.last_used_on == TUESDAY.date()


def test_token_of_the_rival_is_not_found(jinxiu: Cast, heyue: Cast) -> None:
    with company_scope(heyue.company.pk):
        _token, plain = make(heyue)
    with company_scope(jinxiu.company.pk):
        assert find_token(plain, TUESDAY) is None


def test_token_is_worthless_from_its_last_moment_on(scoped: Cast) -> None:
    _token, plain = make(scoped, expires_at=TUESDAY + timedelta(hours=1))
    assert find_token(plain, TUESDAY + timedelta(minutes=59)) is not None
    assert find_token(plain, TUESDAY + timedelta(hours=1)) is None


def test_token_ends_with_its_member(scoped: Cast) -> None:
    _token, plain = make(scoped)
    Membership.objects.filter(pk=scoped.desk.pk).update(is_active=False)
    assert find_token(plain, TUESDAY) is None


def test_token_ends_with_its_person(scoped: Cast) -> None:
    _token, plain = make(scoped)
    User.objects.filter(pk=scoped.desk.user_id).update(is_active=False)
    assert find_token(plain, TUESDAY) is None


def test_revoked_token_is_not_found_and_stays_revoked(scoped: Cast) -> None:
    token, plain = make(scoped)
    actor = scoped.actor("desk")
    first = revoke_token(token=token, by=actor, now=TUESDAY)
    again = revoke_token(token=token, by=actor, now=TUESDAY + timedelta(days=1))
    assert (first.revoked_at, again.revoked_at) == (TUESDAY, TUESDAY)
    assert find_token(plain, TUESDAY) is None


def test_making_and_revoking_are_on_the_record(scoped: Cast) -> None:
    token, _plain = make(scoped)
    revoke_token(token=token, by=scoped.actor("desk"), now=TUESDAY)
    entries = AuditEntry.objects.filter(subject_id=token.pk).order_by("pk")
    assert [(entry.action, entry.by_id) for entry in entries] == [
        ("make_token", scoped.desk.pk),
        ("revoke_token", scoped.desk.pk),
    ]


@pytest.mark.parametrize(
    ("role", "facts", "code"),
    [
        ("desk", {"scopes": []}, "token_without_scopes"),
        ("desk", {"scopes": ["everything"]}, "token_without_scopes"),
        ("owner", {"scopes": ["read", "personal"]}, "scope_not_yours"),
        ("desk", {"expires_at": TUESDAY}, "token_already_expired"),
    ],
)
def test_token_that_makes_no_sense_is_refused(
    scoped: Cast, role: str, facts: dict[str, object], code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        make(scoped, role, **facts)
    assert refusal.value.code == code
    assert ApiToken.objects.count() == 0


def test_member_with_too_many_tokens_is_refused(
    scoped: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "MOST_TOKENS", 1)
    make(scoped)
    make(scoped, "admin")
    with pytest.raises(tokens.TooManyTokens):
        make(scoped)


# --- the page ---

PAGE = "/jinxiu/tokens/"


def test_page_shows_the_plain_text_once(jinxiu: Cast, sign_in: SignIn) -> None:
    client = sign_in(jinxiu.desk)
    made = client.post(PAGE, {"name": "门岗", "scopes": ["read", "write"], "lifetime": "30"})
    plain = made.context["plain"]
    assert (made.status_code, made["Cache-Control"]) == (201, "no-store")
    assert plain in made.content.decode()
    assert plain not in client.get(PAGE).content.decode()
    with company_scope(jinxiu.company.pk):
        token = ApiToken.objects.get()
        assert (token.name, token.scopes, token.membership_id) == (
            "门岗",
            ["read", "write"],
            jinxiu.desk.pk,
        )
        assert token.expires_at - token.created_at == timedelta(days=30)


def test_page_makes_tokens_that_last_until_revoked(jinxiu: Cast, sign_in: SignIn) -> None:
    sign_in(jinxiu.desk).post(PAGE, {"name": "x", "scopes": ["read"], "lifetime": "0"})
    with company_scope(jinxiu.company.pk):
        assert ApiToken.objects.get().expires_at is None


def test_page_says_what_is_wrong(jinxiu: Cast, sign_in: SignIn) -> None:
    answer = sign_in(jinxiu.desk).post(PAGE, {"name": "", "lifetime": "7"})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["name", "scopes", "lifetime"]


def test_page_shows_a_refusal_of_the_service(
    jinxiu: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "MOST_TOKENS", 0)
    answer = sign_in(jinxiu.desk).post(PAGE, {"name": "x", "scopes": ["read"], "lifetime": "0"})
    assert answer.status_code == 422
    assert len(answer.context["form"].non_field_errors()) == 1


def test_owner_is_not_offered_personal_data(jinxiu: Cast, sign_in: SignIn) -> None:
    offered = {}
    for role in ("owner", "desk"):
        form = sign_in(jinxiu.members[role]).get(PAGE).context["form"]
        offered[role] = [value for value, _label in form.fields["scopes"].choices]
    assert offered == {"owner": ["read", "write"], "desk": ["read", "write", "personal"]}


def test_page_lists_only_ones_own(jinxiu: Cast, sign_in: SignIn) -> None:
    with company_scope(jinxiu.company.pk):
        make(jinxiu, "desk", name="mine")
        make(jinxiu, "admin", name="theirs")
    rows = sign_in(jinxiu.desk).get(PAGE).context["rows"]
    assert [token.name for token in rows] == ["mine"]


def test_page_asks_as_often_for_three_tokens_as_for_one(jinxiu: Cast, sign_in: SignIn) -> None:
    client, counts = sign_in(jinxiu.desk), []
    for more in (1, 2):
        with company_scope(jinxiu.company.pk):
            for _number in range(more):
                make(jinxiu)
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def revoke_path(cast: Cast, role: str) -> tuple[ApiToken, str]:
    with company_scope(cast.company.pk):
        token, _plain = make(cast, role)
    return token, f"/jinxiu/tokens/{token.pk}/revoke/"


def test_page_revokes_ones_own(jinxiu: Cast, sign_in: SignIn) -> None:
    token, path = revoke_path(jinxiu, "desk")
    assert sign_in(jinxiu.desk).post(path)["Location"] == PAGE
    with company_scope(jinxiu.company.pk):
        token.refresh_from_db()
    assert token.revoked_at is not None


@pytest.mark.parametrize("whose", ["colleague", "rival"])
def test_page_does_not_know_tokens_of_others(
    jinxiu: Cast, heyue: Cast, sign_in: SignIn, whose: str
) -> None:
    cast = {"colleague": jinxiu, "rival": heyue}[whose]
    token, path = revoke_path(cast, "admin")
    assert sign_in(jinxiu.desk).post(path).status_code == 404
    with company_scope(cast.company.pk):
        token.refresh_from_db()
    assert token.revoked_at is None


def test_tokens_are_for_people_who_signed_in(jinxiu: Cast) -> None:
    assert Client().get(PAGE)["Location"] == f"/accounts/login/?next={PAGE}"
