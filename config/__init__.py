"""Wiring: settings, URLs, servers and the launcher. No room imports it."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
