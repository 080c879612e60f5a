"""The settings of an installation that is broken on purpose: production's, but impatient."""

from config.settings import *  # noqa: F403  everything else as it is
from config.settings import CELERY_BEAT_SCHEDULE, CELERY_BROKER_TRANSPORT_OPTIONS

# A message that died with its worker comes back after seconds instead of a quarter of an hour.
CELERY_BROKER_TRANSPORT_OPTIONS |= {"visibility_timeout": 5, "unacked_restore_interval": 1}
# A beat each second instead of every 30: the tests wait for what comes next.
CELERY_BEAT_SCHEDULE = {
    "enforce-deadlines": {
        **CELERY_BEAT_SCHEDULE["enforce-deadlines"],
        "schedule": 1,
        "options": {"expires": 0.9},
    }
}
