"""The image, the compose file and the example environment say what the code says."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from config import commands
from config.roles import APPLICATION, OWNER

ROOT = Path(__file__).resolve().parent.parent.parent
# Read by others than the settings: gunicorn, config.roles, and the compose file itself.
BEYOND_SETTINGS = {"WEB_CONCURRENCY", "DATABASE_ADMIN_URL"}
COMPOSE_PASSWORDS = {"ADMIN_PASSWORD", "OWNER_PASSWORD", "APP_PASSWORD"}


def read(name: str) -> str:
    return (ROOT / name).read_text()


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    """The services of the compose file."""
    found: dict[str, Any] = yaml.safe_load(read("docker-compose.yml"))["services"]
    return found


def names_in_settings() -> set[str]:
    """Every environment variable that the settings read."""
    source = read("config/settings.py")
    return set(re.findall(r'(?:env\.\w+|database)\(\s*"([A-Z_]+)"', source))


def names_in_example() -> set[str]:
    return set(re.findall(r"^([A-Z_]+)=", read(".env.example"), re.MULTILINE))


def test_example_names_everything_the_settings_read_and_nothing_else() -> None:
    assert names_in_example() == names_in_settings() | BEYOND_SETTINGS | COMPOSE_PASSWORDS


@pytest.mark.parametrize("service", ["migrate", "web", "worker", "beat"])
def test_compose_gives_only_names_that_are_read(services: dict[str, Any], service: str) -> None:
    given = set(services[service]["environment"])

    assert given - names_in_settings() - BEYOND_SETTINGS == set()


def test_compose_asks_only_for_what_the_example_explains() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+)", read("docker-compose.yml")))

    assert asked - names_in_example() == set()


@pytest.mark.parametrize("service", ["web", "worker", "beat"])
def test_only_migrate_is_given_the_owner(services: dict[str, Any], service: str) -> None:
    environment = services[service]["environment"]

    assert f"//{APPLICATION}:" in environment["DATABASE_URL"]
    assert not {"DATABASE_OWNER_URL", "DATABASE_ADMIN_URL"} & set(environment)
    assert f"//{OWNER}:" in services["migrate"]["environment"]["DATABASE_OWNER_URL"]


def test_compose_starts_the_parts_as_the_demo_does(services: dict[str, Any]) -> None:
    assert services["web"]["command"] == commands.WEB
    assert services["worker"]["command"] == commands.WORKER
    assert services["beat"]["command"] == [*commands.BEAT, "--schedule", "/tmp/beat-schedule"]  # noqa: S108


def test_image_starts_the_web_as_the_demo_does() -> None:
    found = re.search(r"^CMD (.+)$", read("Dockerfile"), re.MULTILINE)

    assert found is not None
    assert json.loads(found[1]) == commands.WEB


def test_compose_runs_the_postgresql_that_the_tests_run(services: dict[str, Any]) -> None:
    assert services["database"]["image"] == "postgres:18"
    assert 'pginstall18"' in read("config/embedded.py")


def test_image_gives_only_names_that_are_read() -> None:
    build = re.findall(r"\b([A-Z_]{4,})=build\b", read("Dockerfile"))

    assert set(build) - names_in_settings() == set()
