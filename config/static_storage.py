"""How style sheets and scripts are published: under names that change with their content, and
compressed once instead of for every reader."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage

OURS = "js/*.js"  # packages bring scripts that import what they do not bring
_, IMPORTS = HashedFilesMixin._js_module_import_aggregation_patterns  # type: ignore[attr-defined]


class PublishedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """Modules that a script imports are published like the script itself, to be kept for good."""

    patterns = (*CompressedManifestStaticFilesStorage.patterns, (OURS, IMPORTS))
