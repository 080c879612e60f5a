"""Telling people: what is in their inbox, and what is on its way to them."""

from notifications.models.delivery import Channel, Delivery, DeliveryState
from notifications.models.mailing import Mailing
from notifications.models.notification import Kind, Notification
from notifications.models.preference import Preference

__all__ = ["Channel", "Delivery", "DeliveryState", "Kind", "Mailing", "Notification", "Preference"]
