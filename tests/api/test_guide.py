"""`docs/api.md` says what is so."""

import re
from pathlib import Path

from complaints.services import attaching, calling, filing, handling, lifecycle, owner_voice
from config.api_documentation import whole_schema
from owners.services import archive
from tenancy.services import idempotency, tokens
from tenancy.services.attempts import TooManyAttempts
from tenancy.services.refusal import Refused
from tenancy.viewsets.problems import TITLES

GUIDE = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
ROOMS = (attaching, calling, filing, handling, lifecycle, owner_voice, idempotency)
# Refused by the serializer before the service could.
NEVER_MET = {"unknown_outcome", "bad_score", "nothing_said"}
NOT_BY_API = {"submission_taken", "token_without_scopes", "token_already_expired", "refused"}


def refusals() -> set[str]:
    """The codes of the services that the API calls."""
    found = {archive.NothingToReveal.code, tokens.ScopeNotYours.code, TooManyAttempts.code}
    for room in ROOMS:
        for each in vars(room).values():
            if isinstance(each, type) and issubclass(each, Refused):
                found.add(each.code)
    return found - NEVER_MET - NOT_BY_API


def test_the_guide_knows_every_code() -> None:
    named = set(re.findall(r"`([a-z_]+)`", GUIDE.partition("## 7.")[2].partition("## 8.")[0]))
    assert refusals() - named == set()
    # These have a narrower code of their own wherever they are answered, or are our fault.
    assert {code for code, _title in TITLES.values()} - named == {"unprocessable", "error"}


def test_the_guide_names_addresses_that_are_there() -> None:
    paths = {path.removeprefix("/{company}/api/v1/") for path in whole_schema()["paths"]}
    written = set(re.findall(r"`(?:GET |POST |DELETE )?([a-z]+/(?:\{id\}/)?(?:[a-z]+/)?)`", GUIDE))
    # Beside its noun an action is called by its last part alone.
    ends = [re.sub(r"\{\w+\}", "{id}", f"/{path}") for path in paths]
    assert {each for each in written if not any(end.endswith(f"/{each}") for end in ends)} == set()
