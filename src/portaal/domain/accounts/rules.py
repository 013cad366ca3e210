"""Who may what with clients and logins, and what a password must be."""

from __future__ import annotations

import re
from functools import lru_cache

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .models import User

PASSWORD_MIN = 8  # manual 1.1
PASSWORD_MAX = 128  # checked before hashing, so that a huge one costs nothing

# What people make passwords of when they must: refused when only digits or signs are added.
PLAIN_WORDS = frozenset(
    [
        "welkom",
        "wachtwoord",
        "password",
        "geheim",
        "notaris",
        "notariaat",
        "notariskantoor",
        "kantoor",
        "klantenportaal",
        "portaal",
        "testament",
        "dossier",
        "akte",
        "lente",
        "zomer",
        "herfst",
        "winter",
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
        "maandag",
        "dinsdag",
        "woensdag",
        "donderdag",
        "vrijdag",
        "zaterdag",
        "zondag",
        "amsterdam",
        "rotterdam",
        "utrecht",
        "nederland",
        "holland",
        "ajax",
        "feyenoord",
        "qwerty",
        "azerty",
        "admin",
        "gebruiker",
        "inloggen",
        "hallo",
        "welcome",
        "letmein",
    ]
)
LOOKALIKE = str.maketrans("01345$@!", "oleassai")


def may_manage_clients(user: User) -> bool:
    """Everyone of the office makes clients and invites them."""
    return user.is_staff and user.is_active


def may_block_login(user: User, login: User) -> bool:
    """The manager blocks and opens client logins; nobody blocks themselves."""
    return (
        user.role == User.Role.MANAGER
        and user.is_active
        and login.pk != user.pk
        and not login.is_staff
    )


def password_faults(password: str, *, user: User | None = None, office_name: str = "") -> list[str]:
    """What is missing from a password, in sentences; an empty list when it will do (manual 1.1; security.md B2)."""
    if len(password) > PASSWORD_MAX:
        return [_("Use at most %(number)s characters.") % {"number": PASSWORD_MAX}]
    if settings.PASSWORD_POLICY == "nist":  # noqa: S105 - a name; length instead of composition
        faults = (
            []
            if len(password) >= 15
            else [_("Use at least %(number)s characters.") % {"number": 15}]
        )
    else:
        faults = []
        if len(password) < PASSWORD_MIN:
            faults.append(_("Use at least %(number)s characters.") % {"number": PASSWORD_MIN})
        if not any(character.isupper() for character in password):
            faults.append(_("Use at least 1 capital letter."))
        if not any(character in "0123456789" for character in password):
            faults.append(_("Use at least 1 digit."))
    if not faults and _is_well_known(password, _own_words(user, office_name)):
        faults.append(
            _("This password is easy to guess. Choose another one, for example a short sentence.")
        )
    return faults


def _is_well_known(password: str, own_words: frozenset[str]) -> bool:
    bare = re.sub(r"[\W\d_]+\Z|\A[\W\d_]+", "", password.casefold())
    plain = {
        bare,
        bare.translate(LOOKALIKE),
        _letters(password),
        _letters(password.casefold().translate(LOOKALIKE)),
    }
    if plain & (PLAIN_WORDS | own_words) or len(set(password.casefold())) < 4:
        return True
    try:
        _common().validate(password)
    except ValidationError:
        return True
    return False


@lru_cache(maxsize=1)
def _common() -> CommonPasswordValidator:
    return CommonPasswordValidator()


def _own_words(user: User | None, office_name: str) -> frozenset[str]:
    said = [office_name]
    if user:
        said += [
            user.email,
            user.email.split("@")[0],
            user.first_names,
            user.surname,
            user.full_name,
        ]
    words = {
        word for text in said for word in re.split(r"[\W_]+", text.casefold()) if len(word) >= 3
    }
    return frozenset(words | {_letters(text) for text in said if len(_letters(text)) >= 3})


def _letters(text: str) -> str:
    return re.sub(r"[\W\d_]", "", text.casefold())
