"""`makemigrations`, for tables with composite keys."""

from django.core.management.commands.makemigrations import Command as DjangoMakeMigrations

from tenancy.management.ordering import CompanyAutodetector


class Command(DjangoMakeMigrations):
    """Django's `makemigrations`, in an order that PostgreSQL takes."""

    autodetector = CompanyAutodetector
