from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "surveys"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer whom the house as it stands can ask."""
        from surveys.services import audience_sources, audiences  # noqa: PLC0415 - models are there

        for offered in audience_sources.HERE:
            audiences.register(offered)
