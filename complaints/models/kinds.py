"""The words by which tickets are told apart."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What somebody who speaks up wants, and what the company sets itself to do."""

    COMPLAINT = "complaint", _("complaint")
    REPAIR = "repair", _("repair")
    SUGGESTION = "suggestion", _("suggestion")
    PRAISE = "praise", _("praise")
    ENQUIRY = "enquiry", _("enquiry")
    IMPROVEMENT = "improvement", _("improvement")


# What an owner can come with, and what the desk takes in for them.
SPOKEN = (Kind.COMPLAINT, Kind.REPAIR, Kind.SUGGESTION, Kind.PRAISE, Kind.ENQUIRY)
SPOKEN_CHOICES = [(each.value, each.label) for each in SPOKEN]
# What nobody came with: no owner waits for a call, and no figure of what owners were promised
# counts it.
OWN = (Kind.IMPROVEMENT,)


class ComplaintClass(models.TextChoices):
    """The four classes of complaints (投诉分类)."""

    FACILITIES = "facilities", _("equipment and facilities")
    SERVICE = "service", _("management and service")
    CHARGES = "charges", _("charges")
    INCIDENT = "incident", _("sudden incident")


class Urgency(models.TextChoices):
    """How soon it matters. An emergency counts around the clock."""

    NORMAL = "normal", _("normal")
    URGENT = "urgent", _("urgent")
    EMERGENCY = "emergency", _("emergency")


class Source(models.TextChoices):
    """The channel through which a ticket came in."""

    PORTAL = "portal", _("portal")
    PHONE = "phone", _("phone")
    VISIT = "visit", _("at the desk")
    WECHAT = "wechat", _("WeChat")
    EMAIL = "email", _("e-mail")
    PAPER = "paper", _("letter or suggestion box")
    API = "api", _("another system")


class Status(models.TextChoices):
    """Where a ticket stands. Whether it is late is computed, never a status."""

    NEW = "new", _("new")
    ACCEPTED = "accepted", _("in hand")
    PAUSED = "paused", _("paused")
    RESOLVED = "resolved", _("resolved")
    CLOSED = "closed", _("closed")


OPEN = (Status.NEW, Status.ACCEPTED, Status.PAUSED)  # somebody still has to solve it
ACTIVE = (*OPEN, Status.RESOLVED)  # somebody still has to do something, if only call
