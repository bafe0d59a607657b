"""Pictures that a municipality could upload, and one that it must not."""

import io

from PIL import Image

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 24"><rect width="24" height="24" rx="5" fill="#a02040"/>'
    b'<circle cx="12" cy="12" r="6" fill="#fff"/><path d="M32 12h26" stroke="#a02040" stroke-width="5"/></svg>'
)
SCRIPTED = SVG.replace(b"<rect", b"<script>alert(1)</script><rect")


def png() -> bytes:
    """A small PNG."""
    picture = io.BytesIO()
    Image.new("RGB", (60, 24), "#a02040").save(picture, "PNG")
    return picture.getvalue()
