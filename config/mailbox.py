"""The demo's own mail server: files everything it receives in a maildir and delivers nothing.

python -m config.mailbox PORT DIRECTORY
"""

import os
import signal
import sys
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox


def main() -> None:
    """Receive until SIGTERM."""
    port, directory = int(sys.argv[1]), sys.argv[2]
    os.umask(0o077)
    Path(directory).parent.mkdir(parents=True, exist_ok=True)
    # Blocked before the server's thread starts, so that only sigwait sees them.
    ended_by = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ended_by)
    controller = Controller(Mailbox(Path(directory)), hostname="127.0.0.1", port=port)
    controller.start()
    signal.sigwait(ended_by)
    controller.stop()


if __name__ == "__main__":
    main()
