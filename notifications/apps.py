from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to the floors below."""
        import notifications.receivers  # noqa: F401, PLC0415 - models are there only now
