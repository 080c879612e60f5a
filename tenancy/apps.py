from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class TenancyConfig(AppConfig):
    name = "tenancy"
    verbose_name = _("Platform")  # as the operators' tables call it
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added  # noqa: PLC0415 - models, only now

        from tenancy import checks  # noqa: F401, PLC0415 - registers the system checks
        from tenancy.services.database import grant_to_application  # noqa: PLC0415
        from tenancy.services.second_factor import end_weaker_sessions  # noqa: PLC0415

        authenticator_added.connect(end_weaker_sessions)
        post_migrate.connect(grant_to_application, sender=self)
