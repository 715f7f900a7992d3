"""Pictures drawn anew: what comes out holds pixels and nothing else of what came in."""

import io
import zipfile

from core.kernel.errors import CoreError, Impossible
from PIL import Image, ImageOps

_FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
#: What a phone takes in one shot. Decoded, so many pixels are 100 MB.
_MOST_PIXELS = 25_000_000
_SMALLEST_SIDE, _LARGEST_SIDE = 64, 1024
#: Each scan of a JPEG goes over all its pixels; cameras and editors write about ten.
_MOST_SCANS = 100
_PNG_END = b"\x00\x00\x00\x00IEND\xaeB`\x82"
#: What makes a picture a document of another kind to some reader.
_FOREIGN = (b"<script", b"<html", b"<!doctype", b"<svg ", b"<?php", b"%pdf-1.")


def redrawn(content: bytes, ending: str) -> bytes:
    """The picture as a JPEG of at most 1024 pixels each way, upright, without metadata.

    Args:
        content: the file.
        ending: what it was announced as: jpg, png or webp.

    Raises:
        Impossible: it is no picture of that type, hides something else, or is too small or too large.
    """
    if not _has_form(content, ending) or _is_more(content):
        raise _no_picture()
    try:
        if ending == "webp":
            # libwebp takes the memory of the whole canvas as soon as a file is opened.
            _check_size(*_webp_size(content))
        with Image.open(io.BytesIO(content), formats=[_FORMATS[ending]]) as image:
            _check_size(*image.size)
            return _drawn(image)
    except CoreError:
        raise
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    except Exception as error:  # whatever a file does to its decoder, it is the file's fault
        raise _no_picture() from error


def _no_picture() -> Impossible:
    message = "This file is not a whole JPEG, PNG or WebP picture of the announced type. Save it anew and upload that."
    return Impossible(message, code="not_a_picture", field="key")


def _too_large() -> Impossible:
    message = f"The picture has more than {_MOST_PIXELS // 1_000_000} million pixels. Make it smaller."
    return Impossible(message, code="picture_too_large", field="key")


def _has_form(content: bytes, ending: str) -> bool:
    """Whether the file begins and ends as its type does."""
    match ending:
        case "jpg":
            # Cameras put previews behind the end of a JPEG, so its end says nothing.
            return content.startswith(b"\xff\xd8\xff") and content.count(b"\xff\xda") <= _MOST_SCANS
        case "png":
            return content.startswith(b"\x89PNG\r\n\x1a\n") and content.endswith(_PNG_END)
        case _:
            size = int.from_bytes(content[4:8], "little") + 8
            return content[:4] == b"RIFF" and content[8:12] == b"WEBP" and size == len(content)


def _is_more(content: bytes) -> bool:
    folded = content.lower()
    return any(each in folded for each in _FOREIGN) or zipfile.is_zipfile(io.BytesIO(content))


def _webp_size(content: bytes) -> tuple[int, int]:
    """Width and height as the first chunk states them. Source: RFC 9649 section 2."""
    match content[12:16]:
        case b"VP8X":
            return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
        case b"VP8L":
            bits = int.from_bytes(content[21:25], "little")
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 ":
            width, height = (int.from_bytes(content[start : start + 2], "little") & 0x3FFF for start in (26, 28))
            return width, height
    raise _no_picture()


def _check_size(width: int, height: int) -> None:
    if width * height > _MOST_PIXELS:
        raise _too_large()
    if min(width, height) < _SMALLEST_SIDE:
        message = f"The picture is less than {_SMALLEST_SIDE} pixels wide or high. Choose a larger one."
        raise Impossible(message, code="picture_too_small", field="key")


def _drawn(image: Image.Image) -> bytes:
    # A JPEG is decoded no larger than needed; other types have no such way.
    image.draft("RGB", (_LARGEST_SIDE, _LARGEST_SIDE))
    turned = image.getexif().get(0x0112)
    plain = _opaque(image)
    plain.thumbnail((_LARGEST_SIDE, _LARGEST_SIDE), Image.Resampling.LANCZOS)
    plain.getexif()[0x0112] = turned or 1
    upright = ImageOps.exif_transpose(plain)
    # A new image takes over the pixels only: no EXIF, profile, comment or text.
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    buffer = io.BytesIO()
    clean.save(buffer, "JPEG", quality=85, optimize=True)
    return buffer.getvalue()


def _opaque(image: Image.Image) -> Image.Image:
    """The image in colors without transparency, which a JPEG has none of: on white."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    white = Image.new("RGB", layer.size, "white")
    white.paste(layer, mask=layer)
    return white
