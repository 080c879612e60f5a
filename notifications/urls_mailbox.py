"""The address of the demo's mailbox, below /mailbox/: it belongs to no company."""

from django.urls import path

from notifications.views.mailbox import mailbox

urlpatterns = [path("", mailbox, name="mailbox")]
