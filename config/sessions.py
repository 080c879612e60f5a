"""Sessions in the database, asked for only by keys that can be in it."""

from typing import Any

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    """A key that no session has is none: a NUL in a cookie would be an error of the database."""

    def _validate_session_key(self, key: Any) -> bool:
        return bool(super()._validate_session_key(key)) and key.isalnum()  # type: ignore[misc]
