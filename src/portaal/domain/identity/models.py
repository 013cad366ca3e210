"""Logins, their sessions and their password links."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from portaal.domain.journal.roles import Right, give, roles_with
from portaal.speed.queries import shaped_by


def email_key(address: str) -> str:
    """Return the form under which an address is unique: stripped and casefolded.

    Mail goes to the stored address, never to a submitted one.
    """
    return address.strip().casefold()[:254]


class PersonName(models.Model):
    """Abstract base with the parts of a Dutch name.

    They are aanhef, voornamen, tussenvoegsel (`infix`) and achternaam.
    """

    class Salutation(models.TextChoices):
        MEVROUW = "mevrouw"
        HEER = "heer"

    salutation = models.CharField(max_length=8, choices=Salutation, blank=True)
    first_names = models.CharField(max_length=100, blank=True)
    infix = models.CharField(max_length=20, blank=True)
    surname = models.CharField(max_length=100, blank=True)

    class Meta:
        abstract = True

    @property
    def full_name(self) -> str:
        """Return the name as in 'Sanne de Boer'."""
        return " ".join(part for part in (self.first_names, self.infix, self.surname) if part)

    @property
    def short_name(self) -> str:
        """Return the name as in 'S. de Boer'."""
        initials = "".join(f"{name[0]}." for name in self.first_names.split())
        return " ".join(part for part in (initials, self.infix, self.surname) if part)

    @property
    def formal_name(self) -> str:
        """Return the name as in 'mevrouw De Boer', or the full name without a salutation."""
        if not self.salutation or not self.surname:
            return self.full_name
        infix = self.infix[:1].upper() + self.infix[1:]
        title = _("Ms") if self.salutation == self.Salutation.MEVROUW else _("Mr")
        return " ".join(part for part in (title, infix, self.surname) if part)


class UserManager(models.Manager["User"]):
    def with_right(self, right: Right) -> models.QuerySet[User]:
        """Return the active logins of the office with a role that has this right."""
        roles = models.Q(*[("role_names__contains", role) for role in roles_with(right)])
        roles.connector = models.Q.OR
        return self.filter(roles, deactivated_at=None)

    def make(
        self,
        *,
        email: str,
        roles: Iterable[str] = (),
        language: str = "nl",
        **names: str,
    ) -> User:
        """Create a login without a password, as part of a verb. Raises ValidationError by field."""
        user = User(email=email.strip(), email_key=email_key(email), language=language, **names)
        user.roles = frozenset(roles)
        user.set_unusable_password()
        user.full_clean(exclude=["email_key", "password"])
        try:
            with transaction.atomic():
                user.save(force_insert=True)
        except IntegrityError:
            raise ValidationError(
                {"email": _("There is a login with this e-mail address already.")}
            )
        return user


@shaped_by("role_names")  # visible_to asks for rights
class User(AbstractBaseUser, PersonName):
    """A login of a client (through memberships) or of the office (with roles), never both.

    `last_login` of Django's base class is removed: Django's own login would set it, and the
    portal has a login verb instead, which sets `first_login_at` and `last_login_at`.
    """

    class Language(models.TextChoices):
        DUTCH = "nl"
        ENGLISH = "en"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = models.EmailField()
    email_key = models.CharField(max_length=254, unique=True)
    role_names = models.CharField(max_length=60, blank=True, default="")  # sorted, with commas
    language = models.CharField(max_length=2, choices=Language, default=Language.DUTCH)
    made_at = models.DateTimeField(auto_now_add=True)
    password_set_at = models.DateTimeField(null=True, blank=True)
    first_login_at = models.DateTimeField(null=True, blank=True)
    last_login_at = models.DateTimeField(null=True, blank=True)
    last_login = None
    deactivated_at = models.DateTimeField(null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "email_key"

    def __str__(self) -> str:
        return self.full_name

    @property
    def roles(self) -> frozenset[str]:
        """Return the roles of staff; a client's login has none."""
        return frozenset(filter(None, self.role_names.split(",")))

    @roles.setter
    def roles(self, roles: Iterable[str]) -> None:
        self.role_names = ",".join(sorted(set(roles)))

    def has_right(self, right: Right) -> bool:
        """Return True if a role has the right; a permission also checks that it is active."""
        return give(self.roles, right)

    @cached_property
    def is_staff(self) -> bool:
        """Tell if this is a login of the office; a login never changes sides."""
        return self.role_names != ""

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # an attribute in Django
        return self.deactivated_at is None


class LinkRequest(models.Model):
    """A request for a password link. The address is erased as soon as the worker has answered."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = models.CharField(max_length=254, blank=True)
    requested_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.pk)


class PasswordLinkQuerySet(models.QuerySet["PasswordLink"]):
    def live(self) -> PasswordLinkQuerySet:
        return self.filter(used_at=None, expires_at__gt=timezone.now(), user__deactivated_at=None)

    def known_by(self, token: str) -> PasswordLink | None:
        """Return the live link of this token. None does not say why there is no link."""
        return self.live().select_related("user").filter(token_hash=hash_secret(token)).first()


class PasswordLink(models.Model):
    """The link of the second e-mail, for one login: stored hashed, single-use, short-lived."""

    class Purpose(models.TextChoices):
        ACTIVATE = "activate"
        RESET = "reset"

    LIFETIME = {Purpose.ACTIVATE: timedelta(hours=24), Purpose.RESET: timedelta(minutes=60)}  # R23

    token_hash = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="password_links")
    purpose = models.CharField(max_length=8, choices=Purpose)
    email_key = models.CharField(max_length=254)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    objects = PasswordLinkQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.purpose} for {self.user_id}"


class Assurance(models.TextChoices):
    """The ways to prove a login at log-in."""

    PASSWORD = "password"  # noqa: S105 - a name


class Session(models.Model):
    """A session of one browser in one face, before and after login.

    The value of the cookie is stored hashed. `assurance` is empty before login. `kept_page` is the
    path of the form whose unsent data waits for this login; it is empty if there is none.
    """

    key_hash = models.CharField(max_length=64, primary_key=True)
    face = models.CharField(max_length=6)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sessions")
    data = models.TextField(blank=True)
    assurance = models.CharField(max_length=10, blank=True, default="", db_default="")
    kept_page = models.TextField(blank=True, default="", db_default="")
    made_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["seen_at"], name="identity_session_seen")]

    def __str__(self) -> str:
        return f"{self.face} {self.key_hash[:8]}"


def hash_secret(value: str) -> str:
    """Return the stored form of a token; a plain hash is enough for 256 random bits."""
    return sha256(value.encode("utf-8", "replace")).hexdigest()
