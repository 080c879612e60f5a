"""The addresses of the inbox."""

from rest_framework.routers import SimpleRouter

from notifications.api.notification import NotificationViewSet

router = SimpleRouter(use_regex_path=False)
router.register("notifications", NotificationViewSet, basename="notification")

urlpatterns = router.urls
