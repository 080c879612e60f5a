"""What the rows of this room are to those who look at them."""

from notifications.models import Channel, Delivery, Kind, Notification, Preference
from notifications.services.preferences import set_preferences
from notifications.services.telling import tell_many
from tests.factories.cast import TUESDAY, Cast
from tests.notifications.conftest import telling


def test_rows_say_what_they_are(scoped: Cast) -> None:
    tell_many([telling(scoped.desk.pk)], now=TUESDAY)
    set_preferences(membership=scoped.desk, wanted={(Kind.URGED, Channel.EMAIL): False})
    assert str(Notification.objects.get()) == f"assigned to {scoped.desk.pk}"
    assert str(Delivery.objects.get()) == "email waiting"
    assert str(Preference.objects.get()) == "urged by email: False"


def test_rows_are_seen_by_whom_they_concern(scoped: Cast) -> None:
    tell_many([telling(scoped.desk.pk)], now=TUESDAY)
    set_preferences(membership=scoped.desk, wanted={(Kind.URGED, Channel.EMAIL): False})
    for role, own, dead in (("desk", 1, 0), ("manager", 0, 0), ("admin", 0, 1)):
        member = scoped.members[role]
        assert Notification.objects.visible_to(member).count() == own
        assert Preference.objects.visible_to(member).count() == own
        assert Delivery.objects.visible_to(member).count() == dead
