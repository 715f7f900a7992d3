"""What is no picture, and what only looks like one (acceptance C5)."""

import io
import struct
import tracemalloc
import zipfile
import zlib

import pytest
from core.kernel.errors import Impossible

from tests.gateway import function
from tests.images import attach, picture, upload

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def redrawn(content, ending):
    function("pictures")
    from drawing import redrawn  # noqa: PLC0415 - it lies beside the function

    return redrawn(content, ending)


def code(content, ending):
    with pytest.raises(Impossible) as refused:
        redrawn(content, ending)
    return refused.value.problems[0].code


def zipped():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.class", b"x")
    return buffer.getvalue()


def png_of(width, height):
    """A PNG that states a size and holds hardly anything."""

    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def webp_of(width, height):
    """A WebP whose canvas states a size."""
    small = picture("WEBP", lossless=True)
    canvas = b"VP8X" + struct.pack("<I", 10) + bytes(4)
    canvas += (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBP" + canvas + small[12:]
    return b"RIFF" + struct.pack("<I", len(body)) + body


REFUSED = {
    "nothing": (b"", "jpg"),
    "an SVG": (SVG, "png"),
    "an SVG as WebP": (SVG, "webp"),
    "a page": (b"<!doctype html><script>alert(1)</script>", "jpg"),
    "a GIF": (picture("GIF"), "png"),
    "a TIFF": (picture("TIFF"), "jpg"),
    "a PNG as JPEG": (picture("PNG"), "jpg"),
    "a JPEG as PNG": (picture(), "png"),
    "a JPEG as WebP": (picture(), "webp"),
    "a page before a JPEG": (b"<html>" + picture(), "jpg"),
    "a script in a JPEG's comment": (picture(comment=b"*/<sCript>alert(1)</script>"), "jpg"),
    "an SVG behind a JPEG": (picture() + SVG, "jpg"),
    "an archive behind a JPEG": (picture() + zipped(), "jpg"),
    "a PDF behind a JPEG": (picture() + b"%PDF-1.7", "jpg"),
    "an archive behind a PNG": (picture("PNG") + zipped(), "png"),
    "anything behind a PNG": (picture("PNG") + b"x", "png"),
    "anything behind a WebP": (picture("WEBP") + b"x", "webp"),
    "half a JPEG": (picture(size=(800, 800), quality=95)[:-3000], "jpg"),
    "a JPEG's beginning": (b"\xff\xd8\xff\xe0", "jpg"),
    "half a PNG": (picture("PNG")[:60] + b"\x00\x00\x00\x00IEND\xaeB`\x82", "png"),
    "a PNG without pixels": (png_of(200, 200), "png"),
    "a WebP of nothing": (b"RIFF\x04\x00\x00\x00WEBP", "webp"),
    "a JPEG of endless scans": (picture() + b"\xff\xda" * 200, "jpg"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_c5_what_is_no_picture_of_its_type_is_refused(name):
    assert code(*REFUSED[name]) == "not_a_picture"


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (png_of(60000, 60000), "png"),
        (webp_of(16383, 16383), "webp"),
        (picture("JPEG", size=(5001, 5000), mode="L", color=0), "jpg"),
    ],
)
def test_c5_a_bomb_is_refused_before_memory_grows(content, ending):
    function("pictures")
    tracemalloc.start()
    try:
        assert code(content, ending) == "picture_too_large"
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("size", [(63, 300), (300, 63), (1, 1)])
def test_a_picture_smaller_than_64_pixels_is_refused(size):
    assert code(picture(size=size), "jpg") == "picture_too_small"
    assert code(picture("WEBP", size=size), "webp") == "picture_too_small"


def test_a_picture_of_64_pixels_is_taken():
    assert redrawn(picture(size=(64, 64)), "jpg").startswith(b"\xff\xd8\xff")


def test_c5_a_refused_upload_leaves_the_account_as_it_was(school):
    token = school.token("student")
    reply = attach(token, upload(token, picture() + SVG))
    assert (reply.status, reply.codes) == (422, [("key", "not_a_picture")])


def test_every_beginning_of_a_picture_is_refused_and_none_breaks_the_decoder():
    for kind, ending in (("PNG", "png"), ("WEBP", "webp"), ("JPEG", "jpg")):
        content = picture(kind, size=(100, 100))
        for length in range(0, len(content) - 2, max(1, len(content) // 60)):
            assert code(content[:length], ending) == "not_a_picture"
