"""What is written down about running, without what would let anybody in."""

import logging
import re

# The link of an invitation is the right to answer: nobody finds it in a log, beside a moment.
LINK = re.compile(r"(/s/)[^/\s?\"'<>]+")


class Lines(logging.Formatter):
    """A line, and a traceback below it, with the links of invitations left out."""

    def format(self, record: logging.LogRecord) -> str:
        return LINK.sub(r"\1…", super().format(record))
