"""Unsent content of any form, sealed."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from portaal.domain.identity.models import User
from portaal.domain.keys import crypto
from portaal.domain.keys.models import Vault
from portaal.gateways.keyring import keyring

PAGE = "page"  # the form of a page whose session ended; see pages.py
PAGE_MAX = 300  # characters of the path of such a page


class Draft(models.Model):
    """The unsent content of one form of one login, about one object.

    Its id is the submission id under which the form will be sent, so that two windows with the same
    draft send it once. `form` is a short name that its room chooses, such as "messaging.new";
    `object_id` is the key of the object as text. The content of a dossier is sealed with the vault
    of the dossier and erased with it. Other content is sealed with a key of the keyring.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    form = models.CharField(max_length=40)
    object_id = models.CharField(max_length=PAGE_MAX)
    vault = models.ForeignKey(Vault, null=True, on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "form", "object_id"], name="drafts_one_a_form"),
            models.UniqueConstraint(
                fields=["user"], condition=Q(form=PAGE), name="drafts_one_page_of_user"
            ),
        ]
        indexes = [models.Index(fields=["saved_at"], name="drafts_by_age")]

    def __str__(self) -> str:
        return f"{self.form} {self.object_id}"

    @cached_property
    def content(self) -> dict[str, Any]:
        """Decrypt the content. Raises keys.crypto.Tampered, also when the vault was destroyed."""
        if self.vault:
            text = self.vault.unseal_text(self.sealed, self._context)
        else:
            text = crypto.unseal(_key(), bytes(self.sealed), f"portaal1|{self._context}").decode()
        content: dict[str, Any] = json.loads(text)
        return content

    def seal(self, content: Mapping[str, object]) -> None:
        """Encrypt the content, for this login, form and object only. Does not save the row."""
        text = json.dumps(content)
        if self.vault:
            self.sealed = self.vault.seal_text(text, self._context)
        else:
            self.sealed = crypto.seal(_key(), text.encode(), f"portaal1|{self._context}")

    @property
    def _context(self) -> str:
        return f"draft|{self.user_id}|{self.form}|{self.object_id}"


def _key() -> bytes:
    """Return the key of content without a vault."""
    return hmac.new(keyring().secret("lookup"), b"unsent", sha256).digest()
