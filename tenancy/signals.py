"""What has happened on the ground floor, for whoever upstairs must do something about it.

Sent inside the transaction of the change: a receiver that fails undoes it.
"""

from django.dispatch import Signal

# All with `membership`, `by` (Actor) and `now`.
member_joined = Signal()
member_changed = Signal()
member_left = Signal()
second_factor_gone = Signal()

# With `company`, inside its scope.
company_founded = Signal()

# With `access` (PlatformAccess), `by` (Actor) and `now`.
access_began = Signal()
access_ended = Signal()

# With `company`, `operator` (a name) and `now`, inside its scope.
company_exported = Signal()
