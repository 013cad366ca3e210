"""Verb of the journal itself."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import PermissionDenied

from portaal.gateways.keyring import keyring

from . import permissions
from .actors import Actor
from .events import KEY_ROTATED
from .models import Head
from .recording import locked_head, record, verb


@verb
def rotate(*, by: Actor) -> Head:
    """Add a key to the keyring and seal all further events with it.

    The older keys must stay in the keyring, where they only verify. If the process dies before the
    commit, the new key stays unused and a repeat adds another. Raises PermissionDenied.
    """
    if not permissions.may_rotate(by):
        raise PermissionDenied
    head = locked_head()
    head.key_id = keyring().add_journal_key(settings.KEYS_FILE)
    head.save(update_fields=["key_id"])
    record(KEY_ROTATED, head, by=by, key=head.key_id)
    return head
