"""One installation, emptied for each test, gone at the end. Its tests share one process."""

import os
from collections.abc import Iterator

import pytest

from tests.faults.installation import Installation


@pytest.fixture(scope="session")
def database(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None
) -> Iterator[Installation]:
    """The migrated database, copied from that of the other tests; its servers' files lie in a
    directory of its own."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    made = Installation(tmp_path_factory.mktemp("fault"), f"fault_{worker}")
    made.create()
    yield made
    made.drop()


@pytest.fixture
def installation(database: Installation) -> Iterator[Installation]:
    """The installation with a Redis of its own, and nothing else running."""
    database.start_redis()
    yield database
    database.stop_everything()
