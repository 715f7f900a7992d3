"""Small documents that leave Core for a while: encrypted and signed, and bound to what they are for."""

import base64
import hashlib
import hmac
import json
from typing import Any


class Broken(ValueError):
    """It was altered, or sealed with another key or for something else."""


def _streams(key: bytes, nonce: bytes) -> tuple[bytes, bytes]:
    return hmac.digest(key, b"encrypt" + nonce, "sha256"), hmac.digest(key, b"sign", "sha256")


def seal(key: bytes, document: Any, binding: str) -> str:
    """Encrypts and signs a JSON document for `binding`.

    The nonce is the signature over binding and plain text (the SIV construction, RFC 5297 section 1.3), so the
    same document has the same seal and no random number has to be kept unique.
    """
    plain = json.dumps(document, separators=(",", ":"), sort_keys=True).encode()
    _, signing = _streams(key, b"")
    nonce = hmac.digest(signing, binding.encode() + b"\0" + plain, "sha256")[:16]
    stream = hashlib.shake_256(_streams(key, nonce)[0]).digest(len(plain))
    cipher = bytes(left ^ right for left, right in zip(plain, stream, strict=True))
    return base64.urlsafe_b64encode(nonce + cipher).rstrip(b"=").decode()


def unseal(key: bytes, sealed: str, binding: str) -> Any:
    """The document inside.

    Raises:
        Broken: it was altered, or sealed with another key or for another binding, or holds no JSON.
    """
    try:
        raw = base64.b64decode(sealed + "=" * (-len(sealed) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise Broken from error
    nonce, cipher = raw[:16], raw[16:]
    encrypting, signing = _streams(key, nonce)
    stream = hashlib.shake_256(encrypting).digest(len(cipher))
    plain = bytes(left ^ right for left, right in zip(cipher, stream, strict=True))
    expected = hmac.digest(signing, binding.encode() + b"\0" + plain, "sha256")[:16]
    if not hmac.compare_digest(nonce, expected):
        raise Broken
    try:
        return json.loads(plain)
    except (ValueError, RecursionError) as error:  # whoever knows the key may have sealed anything
        raise Broken from error
