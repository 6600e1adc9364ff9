"""What every answer says to the browser."""

from csp.constants import NONE, SELF

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap draws its arrows and ticks with data: images
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

_OFF = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media", "geolocation", "gyroscope",
    "hid", "magnetometer", "microphone", "midi", "payment", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
# Passkeys are asked for by our own pages; a committee's screen may fill the wall.
_OURS = ("fullscreen", "publickey-credentials-create", "publickey-credentials-get")
HEADERS = {
    "Permissions-Policy": ", ".join([*(f"{name}=()" for name in _OFF), *(f"{name}=(self)" for name in _OURS)]),
    "Cross-Origin-Resource-Policy": "same-origin",  # no other site shows our pages, files or pictures in its own
}
