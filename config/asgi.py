"""The application as the server runs it."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_asgi_application()

from tenancy.services.database import make_sure_role_is_weak  # noqa: E402  needs the settings

make_sure_role_is_weak()
