"""AES-256-GCM, the one cipher of the portal (security.md E2)."""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12


class Tampered(Exception):
    """What was sealed is not what is there, or the key is another one."""


def new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def seal(key: bytes, data: bytes, context: str) -> bytes:
    """Nonce and ciphertext of `data`, tied to `context`: it opens under the same key and context only."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, data, context.encode())


def unseal(key: bytes, sealed: bytes, context: str) -> bytes:
    """The data that was sealed. Raises Tampered."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context.encode())
    except (InvalidTag, ValueError) as fault:  # ValueError: too short to hold a nonce
        raise Tampered(context) from fault
