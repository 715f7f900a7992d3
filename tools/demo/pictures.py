"""Pictures of the demo's accounts: initials before a silhouette, drawn here. No face is anybody's."""

import hashlib
import io

from PIL import Image, ImageDraw, ImageFont

_SIDE = 256
_COLORS = ("#1d4e89", "#7b2d26", "#2f6b3a", "#6a4c93", "#8a5a00", "#00686b")


def drawn(name: str) -> bytes:
    """A picture as Core keeps them, a JPEG without metadata: of the same name always the same."""
    color = _COLORS[hashlib.sha256(name.encode()).digest()[0] % len(_COLORS)]
    image = Image.new("RGB", (_SIDE, _SIDE), color)
    pen = ImageDraw.Draw(image)
    pen.ellipse((78, 36, 178, 136), fill="#ffffff")
    pen.ellipse((28, 150, 228, 350), fill="#ffffff")
    words = name.split()
    initials = words[0][0] + words[-1][0]
    pen.text((_SIDE / 2, 208), initials, fill=color, font=ImageFont.load_default(size=64), anchor="mm")
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=85, optimize=True)
    return buffer.getvalue()
