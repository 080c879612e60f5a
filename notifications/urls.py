"""The addresses of the inbox and of what leaves the house, below /<company>/."""

from django.urls import path

from notifications.views import dead_letters, inbox, preferences

app_name = "notifications"

urlpatterns = [
    path("inbox/", inbox.Inbox.as_view(), name="inbox"),
    path("inbox/read/", inbox.ReadAllNotifications.as_view(), name="notification_read_all"),
    path("inbox/<uuid:pk>/", inbox.OpenNotification.as_view(), name="notification_open"),
    path("inbox/<uuid:pk>/read/", inbox.ReadNotification.as_view(), name="notification_read"),
    path("preferences/", preferences.Preferences.as_view(), name="preferences"),
    path("dead-letters/", dead_letters.DeadLetters.as_view(), name="dead_letters"),
    path(
        "dead-letters/resend/",
        dead_letters.ResendAllDeliveries.as_view(),
        name="delivery_resend_all",
    ),
    path(
        "dead-letters/<uuid:pk>/settle/",
        dead_letters.SettleDelivery.as_view(),
        name="delivery_settle",
    ),
    path(
        "dead-letters/<uuid:pk>/resend/",
        dead_letters.ResendDelivery.as_view(),
        name="delivery_resend",
    ),
]
