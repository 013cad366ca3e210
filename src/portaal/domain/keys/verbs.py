"""Acts on the keys of vaults."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from portaal.domain.journal.actors import Actor
from portaal.domain.journal.recording import record, verb
from portaal.gateways.keyring import keyring

from . import permissions
from .events import VAULT_DESTROYED, VAULT_ROTATED
from .models import Vault


@verb
def rotate(vault: Vault, *, by: Actor) -> Vault:
    """Wrap the key of a vault with the newest master key.

    An older master key that wraps no key any more can be removed from the keyring.
    """
    _only(permissions.may_manage_keys(by))
    _lock(vault)
    if vault.wrapped is not None and vault.master != keyring().current_master():
        vault.wrap(vault.key())
        vault.save(update_fields=["master", "wrapped"])
        record(VAULT_ROTATED, vault, by=by, master=vault.master)
    return vault


@verb
def destroy(vault: Vault, *, by: Actor) -> Vault:
    """Delete the key of a vault, and the old and new values of corrections sealed with it.

    Data sealed with it cannot be read again, not even from a backup of the files.
    """
    _only(permissions.may_manage_keys(by))
    _lock(vault)
    if vault.wrapped is not None:
        vault.wrapped, vault.destroyed_at = None, timezone.now()
        vault.save(update_fields=["wrapped", "destroyed_at"])
        vault.changes.all().delete()
        record(VAULT_DESTROYED, vault, by=by)
    return vault


def _only(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def _lock(vault: Vault) -> None:
    """Lock the vault and read it again, so that a key destroyed meanwhile is not written back."""
    vault.refresh_from_db(from_queryset=Vault.objects.select_for_update())
