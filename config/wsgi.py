"""The application for servers that speak WSGI only, such as the development server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

from tenancy.services.database import make_sure_role_is_weak  # noqa: E402  needs the settings

make_sure_role_is_weak()
