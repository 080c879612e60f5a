"""One migrated database for each run of the tests, and copies of it.

To migrate costs twenty seconds of a processor, to copy one.
"""

import os

RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", "")  # "" where one process does it all
TEMPLATE = f"template_{RUN}" if RUN else ""
