"""What can happen to keys."""

from __future__ import annotations

from django.utils import timezone

from portaal.domain.journal.recording import By, record, verb
from portaal.gateways.keyring import keyring

from .models import Vault


@verb
def rotate(vault: Vault, *, by: By) -> Vault:
    """Wraps a vault's key with the newest master key, so that an older one can be put away."""
    _as_it_is_now(vault)
    if vault.wrapped is not None and vault.master != keyring().current_master():
        vault.wrap(vault.key())
        vault.save(update_fields=["master", "wrapped"])
        record("keys.rotate", vault, by=by, master=vault.master)
    return vault


@verb
def destroy(vault: Vault, *, by: By) -> Vault:
    """Throws a vault's key away: what was sealed with it can never be read again, also from a back-up of the files."""
    _as_it_is_now(vault)
    if vault.wrapped is not None:
        vault.wrapped, vault.destroyed_at = None, timezone.now()
        vault.save(update_fields=["wrapped", "destroyed_at"])
        record("keys.destroy", vault, by=by)
    return vault


def _as_it_is_now(vault: Vault) -> None:
    """Reads the vault again and locks it: a key read before it was destroyed must not be written back."""
    vault.refresh_from_db(from_queryset=Vault.objects.select_for_update())
