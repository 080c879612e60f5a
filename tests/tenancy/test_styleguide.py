"""The page of components: complete, and there only for those who build."""

import re
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from tenancy.views.styleguide import COLOURS, COMPONENTS

ROOT = Path(__file__).resolve().parents[2]
# The names in the paragraph on components: `panel` (`panel-flush` …), …
NAMED = re.compile(r"## Components\n\n(.*?)\nIncludes:", re.S)


@pytest.fixture
def building(settings: LazySettings) -> None:
    settings.DEMO = True


def classes() -> set[str]:
    """The components that the design language names."""
    found = NAMED.search((ROOT / "docs/design.md").read_text())
    assert found is not None
    names = re.findall(r"`(-?[a-z][a-z-]*)`", found.group(1))
    return {name for name in names if not name.startswith(("-", "data-")) and name != "dl"}


def test_the_styleguide_is_not_there_for_everybody(db: None, settings: LazySettings) -> None:
    settings.DEMO = False
    assert Client().get("/styleguide/").status_code == 404


def test_every_component_of_the_design_is_shown(db: None, building: None) -> None:
    text = Client().get("/styleguide/").content.decode()
    shown = {name for value in re.findall(r'class="([^"]*)"', text) for name in value.split()}
    assert classes() - shown - {"details"} == set()


def test_every_component_has_a_specimen_in_both_themes(db: None, building: None) -> None:
    context = Client().get("/styleguide/").context
    specimens = context["specimens"]
    assert [each.name for each in specimens] == list(COMPONENTS)
    assert {tuple(one.theme for one in each.shown) for each in specimens} == {("light", "dark")}


def test_sources_leave_the_drawings_out(db: None, building: None) -> None:
    context = Client().get("/styleguide/").context
    (chip,) = [each for each in context["specimens"] if each.name == "chip"]
    assert "<path" not in chip.source
    assert '<span class="chip chip-ok"><svg …/>' in chip.source


def test_colours_are_tokens(db: None) -> None:
    tokens = (ROOT / "static/css/tokens.css").read_text()
    assert [name for name in COLOURS if f"--{name}:" not in tokens] == []
