"""Events of vaults."""

from __future__ import annotations

from portaal.domain.journal.registry import EventType

from .models import Vault

VAULT_ROTATED = EventType("keys.rotate", Vault, fields=("master",))
VAULT_DESTROYED = EventType("keys.destroy", Vault)
