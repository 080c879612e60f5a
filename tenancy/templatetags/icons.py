# ruff: noqa: E501  a drawing does not read better in pieces
"""The portal's own line icons: 24 px, stroke 1.75, drawn on a grid of whole and half pixels."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

# Name -> the inside of the drawing. The outside is the same for all of them.
DRAWINGS = {
    "home": '<path d="M4 11 12 4l8 7v8.5H4z"/><path d="M9.5 19.5V14h5v5.5"/>',
    "queue": '<path d="M8.5 6H20M8.5 12H20M8.5 18H20"/><path d="M4 6h.5M4 12h.5M4 18h.5"/>',
    "phone": '<path d="M5 4h3.5L10 8.5 7.8 10a11 11 0 0 0 6.2 6.2L15.5 14l4.5 1.5V19c0 .6-.5 1-1 1'
    'A15 15 0 0 1 4 5c0-.5.4-1 1-1z"/>',
    "phone-missed": '<path d="M5 5h3.5L10 9.5 7.8 11a11 11 0 0 0 5.2 5.2L14.5 14l4.5 1.5V19c0 .6-.5'
    ' 1-1 1A14 14 0 0 1 4 6c0-.5.4-1 1-1z"/><path d="m15.5 4.5 5 5m0-5-5 5"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>',
    "hourglass": '<path d="M6.5 4h11M6.5 20h11"/><path d="M8 4v3.5l4 4.5 4-4.5V4M8 20v-3.5l4-4.5 4 4.5'
    'V20"/>',
    "late": '<path d="M12 4 21 19.5H3z"/><path d="M12 10v4.5M12 17v.2"/>',
    "owners": '<circle cx="9" cy="8" r="3.5"/><path d="M3 19.5c.4-3.7 2.8-6 6-6s5.6 2.3 6 6"/>'
    '<path d="M15.5 4.8a3.5 3.5 0 0 1 0 6.4M17.5 14c2 .8 3.2 2.7 3.5 5.5"/>',
    "user": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20c.6-4 3.5-6.5 7.5-6.5s6.9 2.5 7.5 6.5"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "print-size": '<path d="m3 19 4.5-12L12 19M4.5 15h6"/><path d="m14 19 3-8 3 8M15 16.5h4"/>',
    "minus": '<path d="M5 12h14"/>',
    "edit": '<path d="M4 20h4L19.5 8.5l-4-4L4 16z"/><path d="m13 7 4 4"/>',
    "bell": '<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15z"/><path d="M10 20.5h4"/>',
    "settings": '<path d="M4 7h9M18.5 7H20M4 17h2.5M12 17h8"/><circle cx="15.7" cy="7" r="2.5"/>'
    '<circle cx="9" cy="17" r="2.5"/>',
    "language": '<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c3 2.5 4 5.3 4 8.5'
    's-1 6-4 8.5c-3-2.5-4-5.3-4-8.5s1-6 4-8.5z"/>',
    "sun": '<circle cx="12" cy="12" r="4"/><path d="M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3'
    'l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4"/>',
    "moon": '<path d="M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z"/>',
    "contrast": '<circle cx="12" cy="12" r="8.5"/><path d="M12 3.5v17a8.5 8.5 0 0 0 0-17z"'
    ' fill="currentColor"/>',
    "sign-out": '<path d="M14 4.5H5v15h9"/><path d="M10 12h10.5m-3.5-3.5 3.5 3.5-3.5 3.5"/>',
    "company": '<path d="M4 20V4.5h9V20M13 9.5h7V20M2.5 20h19"/><path d="M7 8h3M7 12h3M7 16h3M16 13'
    'h1.5M16 16.5h1.5"/>',
    "unit": '<path d="M5 20V4h14v16M3 20h18"/><path d="M9 8h1.5M13.5 8H15M9 12h1.5M13.5 12H15'
    'M10.5 20v-4h3v4"/>',
    "swap": '<path d="M4 8.5h15m-3.5-3.5 3.5 3.5-3.5 3.5M20 15.5H5m3.5-3.5L5 15.5 8.5 19"/>',
    "key": '<circle cx="8" cy="12" r="4"/><path d="M12 12h8.5v3.5M17 12v3"/>',
    "mail": '<path d="M3.5 6h17v12.5h-17z"/><path d="m4 6.5 8 6.5 8-6.5"/>',
    "mail-failed": '<path d="M20.5 11V6h-17v12.5H13"/><path d="m4 6.5 8 6.5 8-6.5"/><path d="m16.5 '
    '15.5 4.5 4.5m0-4.5L16.5 20"/>',
    "check": '<path d="m5 12.5 4.5 4.5L19.5 7"/>',
    "done": '<circle cx="12" cy="12" r="8.5"/><path d="m8 12.3 2.8 2.8L16 9.5"/>',
    "close": '<path d="m6 6 12 12M18 6 6 18"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>',
    "filter": '<path d="M4 5h16l-6 7.5V19l-4-2v-4.5z"/>',
    "open": '<path d="M10 5H5v14h14v-5"/><path d="M13.5 4.5h6v6M19 5l-8.5 8.5"/>',
    "next": '<path d="m9.5 5.5 6.5 6.5-6.5 6.5"/>',
    "previous": '<path d="M14.5 5.5 8 12l6.5 6.5"/>',
    "up": '<path d="m5.5 15 6.5-6.5 6.5 6.5"/>',
    "down": '<path d="m5.5 9 6.5 6.5L18.5 9"/>',
    "back": '<path d="M20 12H4.5m6-6.5L4 12l6.5 6.5"/>',
    "pause": '<path d="M8.5 5.5v13M15.5 5.5v13"/>',
    "play": '<path d="M7.5 5 18.5 12l-11 7z"/>',
    "urge": '<path d="M4 10v4h3.5L15 18.5v-13L7.5 10z"/><path d="M18 9.5c1 1.6 1 3.4 0 5M20.5 7'
    'c2 3.2 2 6.8 0 10"/>',
    "star": '<path d="m12 3.8 2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8z"/>',
    "camera": '<path d="M3.5 7.5H8L9.5 5h5L16 7.5h4.5v11.5h-17z"/><circle cx="12" cy="13" r="3.5"/>',
    "image": '<path d="M4 5h16v14H4z"/><circle cx="9" cy="10" r="1.6"/>'
    '<path d="m4 17 5-4.5 4 3.5 3-2.5 4 3.5"/>',
    "attach": '<path d="m19 11-7.5 7.5a4.2 4.2 0 0 1-6-6L13 5a2.8 2.8 0 0 1 4 4l-7.5 7.5a1.4 1.4'
    ' 0 0 1-2-2L14 8"/>',
    "comment": '<path d="M4 5h16v11.5h-8.5L7 20v-3.5H4z"/><path d="M8 9.5h8M8 12.5h5"/>',
    "note": '<path d="M5 4h14v11l-5 5H5z"/><path d="M19 15h-5v5M8.5 8.5h7M8.5 12h4"/>',
    "repair": '<path d="M14.5 9.5 5 19l-1.5-1.5 9.5-9.5"/><path d="M20 8.5a4.5 4.5 0 1 1-4.5-5l-.5 3 2 '
    '2z"/>',
    "complaint": '<path d="M4 5h16v11.5h-8.5L7 20v-3.5H4z"/><path d="M12 8v3.5M12 13.8v.2"/>',
    "suggestion": '<path d="M9 17.5h6M10 20.5h4"/><path d="M8.5 15c-2-1.3-3-3.2-3-5a6.5 6.5 0 0 1 13 '
    '0c0 1.8-1 3.7-3 5v2.5h-7z"/>',
    "praise": '<path d="M7.5 11v8.5H4V11z"/><path d="M7.5 11 11 4c1.5 0 2.3 1 2 2.5L12.5 9.5h6.5c1 0'
    ' 1.7.9 1.4 2l-1.8 7c-.2.6-.7 1-1.4 1H7.5"/>',
    "improvement": '<path d="M3.5 17.5 9.5 11l4 4 7-7.5"/><path d="M15.5 7.5h5v5"/>',
    "enquiry": '<circle cx="12" cy="12" r="8.5"/><path d="M9.3 9.5c.2-1.6 1.3-2.5 2.8-2.5s2.7 1 2.7'
    ' 2.4c0 2-2.7 2.1-2.7 4.1M12 16.8v.2"/>',
    "facilities": '<circle cx="12" cy="12" r="3"/><path d="M12 3.5v3M12 17.5v3M3.5 12h3M17.5 12h3M6 6'
    'l2.1 2.1M15.9 15.9 18 18M6 18l2.1-2.1M15.9 8.1 18 6"/>',
    "service": '<path d="M4 17.5h16M6 17.5a6 6 0 0 1 12 0M12 11.5V9M10.5 9h3M4 20h16"/>',
    "charges": '<circle cx="12" cy="12" r="8.5"/><path d="m8.5 7.5 3.5 4.5 3.5-4.5M12 12v5M9 12.5h6M9 '
    '15h6"/>',
    "incident": '<path d="M7 17v-4a5 5 0 0 1 10 0v4M4.5 20v-3h15v3z"/><path d="M12 3v2M4.5 6 6 7.5M19.5'
    ' 6 18 7.5"/>',
    "calendar": '<path d="M4 6h16v14H4zM4 10.5h16M8.5 3.5v4M15.5 3.5v4"/>',
    "department": '<path d="M9 4h6v5H9zM3.5 15h6v5h-6zM14.5 15h6v5h-6zM12 9v3M6.5 15v-3h11v3"/>',
    "promise": '<path d="M12 3.5 19.5 6v6c0 4-3 7-7.5 8.5C7.5 19 4.5 16 4.5 12V6z"/><path d="m8.5 12 '
    '2.5 2.5 4.5-5"/>',
    "escalation": '<path d="M4 19.5h4V15h4v-4.5h4V6h4"/>',
    "reopen": '<path d="M5 12a7.5 7.5 0 1 0 2.5-5.6"/><path d="M4.5 4.5v4h4"/>',
    "eye": '<path d="M2.5 12C5 7.8 8.2 5.8 12 5.8s7 2 9.5 6.2c-2.5 4.2-5.7 6.2-9.5 6.2S5 16.2 2.5 '
    '12z"/><circle cx="12" cy="12" r="2.8"/>',
    "more": '<path d="M5 12h.5M11.8 12h.5M18.5 12h.5"/>',
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "copy": '<path d="M8.5 8.5H20V20H8.5z"/><path d="M5.5 15.5H4V4h11.5v1.5"/>',
    "keyboard": '<path d="M3 6.5h18v11H3z"/><path d="M6.5 10h.2M10 10h.2M13.5 10h.2M17 10h.2M8 14'
    'h8"/>',
    "info": '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.5M12 7.5v.2"/>',
    "empty": '<path d="M4 13 6.5 5h11L20 13v6.5H4z"/><path d="M4 13h4.5l1.5 2.5h4l1.5-2.5H20"/>',
    "print": '<path d="M7 8.5V4h10v4.5M7 16H4V8.5h16V16h-3"/><path d="M7 13.5h10V20H7z"/>',
    "download": '<path d="M12 4v11m-4.5-4.5L12 15l4.5-4.5M4.5 19.5h15"/>',
    "lock": '<path d="M5.5 11h13v9h-13z"/><path d="M8.5 11V8a3.5 3.5 0 0 1 7 0v3M12 14.5v2"/>',
    "trash": '<path d="M4.5 7h15M9 7V4.5h6V7M6.5 7l1 13h9l1-13M10.5 11v5.5M13.5 11v5.5"/>',
    "report": '<path d="M4 20h16.5M6.5 20v-7M12 20V5M17.5 20v-10"/>',
    "survey": '<path d="M6 3.5h12a1 1 0 0 1 1 1v16H5v-16a1 1 0 0 1 1-1zM8.5 9l1.2 1.2L12 8M8.5 15l1.2 1.2L12 14M14.5 9.5h2M14.5 15.5h2"/>',
    "route": '<circle cx="6" cy="18.5" r="2"/><circle cx="18" cy="5.5" r="2"/><path d="M8 18.5h7.5a3.2 3.2 0 0 0 0-6.5h-7a3.2 3.2 0 0 1 0-6.5H16"/>',
    "place": '<path d="M12 21c4.5-4.8 6.5-8 6.5-11a6.5 6.5 0 0 0-13 0c0 3 2 6.2 6.5 11z"/><circle cx="12" cy="10" r="2.5"/>',
    "cloud-off": '<path d="M9 6.2A5.5 5.5 0 0 1 17 10a4 4 0 0 1 2.8 6.6M16.5 18H7a4 4 0 0 1-.9-7.9"/><path d="m4 4 16 16"/>',
    # what tickets are about: the icons that a company gives its categories
    "elevator": '<path d="M5 3.5h14v17H5z"/><path d="M12 3.5v17M7.5 10.5l1-1.5 1 1.5zM14.5 9l1 1.5 1-1.5z"/>',
    "water": '<path d="M12 3.5c3.5 4.2 6 7.3 6 10.5a6 6 0 0 1-12 0c0-3.2 2.5-6.3 6-10.5z"/><path d="M9 14.5a3 3 0 0 0 3 3"/>',
    "light": '<path d="M12 3v3M5 13a7 7 0 0 1 14 0z"/><path d="M9.5 16.5a2.5 2.5 0 0 0 5 0M5 18.5l-1 1M19 18.5l1 1"/>',
    "door": '<path d="M6 20.5v-17h12v17M3.5 20.5h17"/><path d="M14.5 12v1"/>',
    "wall": '<path d="M3.5 5h17v14h-17zM3.5 9.7h17M3.5 14.3h17M9 5v4.7M15 5v4.7M6 9.7v4.6M12 9.7v4.6M18 9.7v4.6M9 14.3V19M15 14.3V19"/>',
    "fire": '<path d="M12 3c1 3.5 5.5 5.5 5.5 11a5.5 5.5 0 0 1-11 0c0-2.5 1.2-4 2.5-5 .2 1.7.9 2.5 2 3 .3-3 .3-6 1-9z"/>',
    "noise": '<path d="M3.5 9.5v5H7l5 4v-13l-5 4z"/><path d="M15 9c1.3 1.8 1.3 4.2 0 6M18 6.5c2.7 3.3 2.7 7.7 0 11"/>',
    "parking": '<path d="M4 4h16v16H4z"/><path d="M9.5 16.5v-9h3a2.7 2.7 0 0 1 0 5.5h-3"/>',
    "security": '<path d="M12 3.5 19 6v5.5c0 4.5-3 7.5-7 9-4-1.5-7-4.5-7-9V6z"/><path d="m9 11.8 2.2 2.2 4-4.2"/>',
    "cleaning": '<path d="m19.5 4-7 7.5M9.5 10.5l4.5 4L9.5 20c-2.5-.3-4.7-1.5-6-3.5z"/><path d="M7 16.5 5.5 18"/>',
    "greening": '<path d="M12 20.5v-9"/><path d="M12 13.5c-4.5 0-7-2.5-7-7 4.5 0 7 2.5 7 7zM12 10.5c0-3.5 2.3-6 6.5-6 0 4-2.5 6-6.5 6z"/>',
    "pest": '<path d="M8 11.5a4 4 0 0 1 8 0v4a4 4 0 0 1-8 0z"/><path d="m9 5 1.5 2.7M15 5l-1.5 2.7M8 11.5l-3.5-2M16 11.5l3.5-2M8 14H4M16 14h4M8.5 17 5 19M15.5 17l3.5 2M12 8v11"/>',
    "fee": '<path d="M5.5 3.5h13v17l-2.2-1.5-2.2 1.5-2.1-1.5-2.1 1.5L7.7 19l-2.2 1.5z"/><path d="m9 7.5 3 3.5 3-3.5M12 11v5M9.5 11.5h5M9.5 14h5"/>',
    "alarm": '<path d="M6 18.5v-5a6 6 0 0 1 12 0v5M4 18.5h16v2H4z"/><path d="M12 2.5v2M4 6l1.5 1.5M20 6l-1.5 1.5M9.5 13.5a2.5 2.5 0 0 1 2.5-2.5"/>',
    "pipe": '<path d="M3.5 5v7M3.5 6.5H13a4.5 4.5 0 0 1 4.5 4.5v3M3.5 10.5H12a1.5 1.5 0 0 1 1.5 1.5v2M12 14h7"/><path d="M15.5 17c1 1.3 1.5 2 1.5 2.8a1.5 1.5 0 0 1-3 0c0-.8.5-1.5 1.5-2.8z"/>',
    "power": '<path d="M13.5 3 5.5 13.5H11l-1 7.5 8.5-11H13z"/>',
    "bulb": '<path d="M9 17c-.3-1.7-1.2-2.5-2-3.6a6 6 0 1 1 10 0c-.8 1.1-1.7 1.9-2 3.6zM9.5 20.5h5"/><path d="M12 17v-5"/>',
    "heart": '<path d="M12 19.5C7 16 4 13 4 9.5a4 4 0 0 1 8-1 4 4 0 0 1 8 1c0 3.5-3 6.5-8 10z"/>',
    "device": '<path d="M5 5.5h14v10H5zM2.5 19h19"/>',
    "question": '<circle cx="12" cy="12" r="8.5"/><path d="M9.5 10a2.5 2.5 0 1 1 3.7 2.2c-.8.4-1.2.9-1.2 1.8M12 16.7v.2"/>',
}  # fmt: skip


def draw(name: str, label: str = "", css: str = "") -> SafeString:
    """The icon as inline SVG: decoration unless it is given a label of its own."""
    if label:
        speaks = format_html('role="img" aria-label="{}"', label)
    else:
        speaks = mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" width="24" height="24" fill="none"'
        ' stroke="currentColor" stroke-width="1.75" stroke-linecap="round"'
        ' stroke-linejoin="round" focusable="false" {}>{}</svg>',
        css,
        speaks,
        mark_safe(DRAWINGS[name]),  # noqa: S308 - drawings are constants of this module
    )
