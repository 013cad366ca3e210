"""Validation of passwords (manual 1.1)."""

from __future__ import annotations

import re
from functools import lru_cache

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .models import User
from .weak_words import WEAK_WORDS

PASSWORD_MIN = 8  # manual 1.1
PASSWORD_MAX = 128  # checked before hashing, so that a huge password costs nothing
LOOKALIKES = str.maketrans("01345$@!", "oleassai")


def password_errors(password: str, *, user: User | None = None, office_name: str = "") -> list[str]:
    """Return a sentence for each rule that the password breaks (manual 1.1).

    The words in the name and address of `user` and in `office_name` count as easy to guess.
    """
    if len(password) > PASSWORD_MAX:
        return [_("Use at most %(number)s characters.") % {"number": PASSWORD_MAX}]
    if settings.PASSWORD_POLICY == "nist":  # noqa: S105 - a name; length instead of composition
        errors = (
            []
            if len(password) >= 15
            else [_("Use at least %(number)s characters.") % {"number": 15}]
        )
    else:
        errors = []
        if len(password) < PASSWORD_MIN:
            errors.append(_("Use at least %(number)s characters.") % {"number": PASSWORD_MIN})
        if not any(character.isupper() for character in password):
            errors.append(_("Use at least 1 capital letter."))
        if not any(character in "0123456789" for character in password):
            errors.append(_("Use at least 1 digit."))
    if not errors and _is_easy_to_guess(password, _own_words(user, office_name)):
        errors.append(
            _("This password is easy to guess. Choose another one, for example a short sentence.")
        )
    return errors


def _is_easy_to_guess(password: str, own_words: frozenset[str]) -> bool:
    """Return True for a common password, a weak or own word, or under 4 distinct characters.

    Digits, punctuation and look-alike characters do not make a word less weak.
    """
    bare = re.sub(r"[\W\d_]+\Z|\A[\W\d_]+", "", password.casefold())
    variants = {
        bare,
        bare.translate(LOOKALIKES),
        _letters(password),
        _letters(password.casefold().translate(LOOKALIKES)),
    }
    if variants & (WEAK_WORDS | own_words) or len(set(password.casefold())) < 4:
        return True
    try:
        _common_passwords().validate(password)
    except ValidationError:
        return True
    return False


@lru_cache(maxsize=1)
def _common_passwords() -> CommonPasswordValidator:
    return CommonPasswordValidator()


def _own_words(user: User | None, office_name: str) -> frozenset[str]:
    texts = [office_name]
    if user:
        texts += [
            user.email,
            user.email.split("@")[0],
            user.first_names,
            user.surname,
            user.full_name,
        ]
    words = {
        word for text in texts for word in re.split(r"[\W_]+", text.casefold()) if len(word) >= 3
    }
    return frozenset(words | {_letters(text) for text in texts if len(_letters(text)) >= 3})


def _letters(text: str) -> str:
    return re.sub(r"[\W\d_]", "", text.casefold())
