"""Style sheets that are published as one file: on a slow network each request costs a journey.

The parts stay as they are, one for each part of the product; there is no build step.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage

# Published name -> its parts, in the order in which they win over each other.
BUNDLES = {
    "css/owner-all.css": (
        "owner-reset", "tokens", "base", "shell", "components", "ticket", "pages", "owner",
        "account", "utilities",
    ),
    # Whoever fills in a questionnaire needs neither frame nor tickets.
    "css/answer-all.css": (
        "owner-reset", "tokens", "base", "components", "survey-answer", "utilities",
    ),
}  # fmt: skip


class BundleStorage(FileSystemStorage):
    """The style sheets, seen as bundles."""

    def parts(self, name: str) -> list[Path]:
        bundle = Path(name).as_posix()
        return [Path(self.location) / "css" / f"{part}.css" for part in BUNDLES[bundle]]

    def content(self, name: str) -> bytes:
        return b"\n".join(part.read_bytes() for part in self.parts(name))

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        return ContentFile(self.content(name), name=name)

    def get_modified_time(self, name: str) -> datetime:
        return max(
            super(BundleStorage, self).get_modified_time(f"css/{part}.css")
            for part in BUNDLES[Path(name).as_posix()]
        )


class BundleFinder(BaseFinder):
    """Finds the bundles for `static`, `collectstatic` and the development server."""

    def __init__(self, app_names: list[str] | None = None, **kwargs: Any) -> None:
        self.storage = BundleStorage(location=settings.BASE_DIR / "static")

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Where a server that collects nothing finds it: written anew from its parts."""
        if path not in BUNDLES:
            return []
        place = Path(settings.BASE_DIR) / "var" / "bundles" / Path(path).name
        content = self.storage.content(path)
        if not place.exists() or place.read_bytes() != content:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        return [str(place)] if find_all else str(place)

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, Storage]]:
        for name in BUNDLES:
            if not matches_patterns(name, ignore_patterns):
                yield name, self.storage
