from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "surveys"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer whom the house as it stands can ask, and what asks after a service; and say
        what of people's answers leaves with an export."""
        from surveys.services import (  # noqa: PLC0415 - models are there
            after_service,
            after_service_sources,
            audience_sources,
            audiences,
            exporting,
        )
        from tenancy.services.exporting import offer  # noqa: PLC0415 - models are there

        for offered in audience_sources.HERE:
            audiences.register(offered)
        for source in after_service_sources.HERE:
            after_service.register(source)
        offer("surveys.words", exporting.words)
