"""Publishes chosen files of the npm packages; everything else in node_modules stays private."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage

# Published name -> file in node_modules.
PUBLISHED = {
    "vendor/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "vendor/echarts.common.min.js": "echarts/dist/echarts.common.min.js",  # dashboards only
}

SOURCE_MAP = re.compile(rb"(//# sourceMappingURL=\S+|/\*# sourceMappingURL=\S+ \*/)\s*$")


class PackageStorage(FileSystemStorage):
    """node_modules, seen through the published names."""

    def path(self, name: str) -> str:
        return str(Path(self.location) / PUBLISHED[Path(name).as_posix()])

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        # The manifest storage would insist on the source maps, which are not published.
        return ContentFile(SOURCE_MAP.sub(b"", Path(self.path(name)).read_bytes()), name=name)


class PackageFinder(BaseFinder):
    """Finds the published files for `static`, `collectstatic` and the development server."""

    def __init__(self, app_names: list[str] | None = None, **kwargs: Any) -> None:
        self.storage = PackageStorage(location=settings.BASE_DIR / "node_modules")

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        known = path in PUBLISHED and self.storage.exists(path)
        if find_all:
            return [self.storage.path(path)] if known else []
        # As Django's own finders: anything but an empty list would count as found.
        return self.storage.path(path) if known else []

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, Storage]]:
        for name in PUBLISHED:
            if not matches_patterns(name, ignore_patterns):
                yield name, self.storage
