"""What somebody signed in with, in words that they know it by."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

# In this order: each of them also says the names of those behind it.
BROWSERS = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("Edg", "Edge"),
    ("HuaweiBrowser", "华为浏览器"),
    ("MiuiBrowser", "小米浏览器"),
    ("UCBrowser", "UC"),
    ("QQBrowser", "QQ"),
    ("Firefox", "Firefox"),
    ("OPR", "Opera"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
SMALL = re.compile(r"iPhone|Android.*Mobile|HarmonyOS.*Mobile|MicroMessenger.*Mobile")


@dataclass(frozen=True, slots=True)
class Device:
    """A browser on a machine."""

    name: str
    is_small: bool


def device_of(user_agent: str) -> Device:
    """What a browser says of itself, shortened; it may say anything."""
    found = [
        next((name for word, name in names if word in user_agent), "")
        for names in (SYSTEMS, BROWSERS)
    ]
    name = " · ".join(part for part in found if part) or _("Unknown device")
    return Device(name, SMALL.search(user_agent) is not None)
