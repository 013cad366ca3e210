"""Logins that commands name by their e-mail address."""

from __future__ import annotations

from django.core.management.base import CommandError

from portaal.domain.identity.models import User, email_key


def login_of(email: str) -> User:
    """Return the login with this address. Raises CommandError if there is none."""
    user = User.objects.filter(email_key=email_key(email)).first()
    if user is None:
        raise CommandError("There is no login with this e-mail address.")
    return user
