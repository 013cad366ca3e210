"""Clients of the office, their logins, and password links, sessions and rate counters."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from portaal.domain.journal.roles import Right, give, roles_with
from portaal.domain.keys.models import Vault
from portaal.domain.visible import Visible
from portaal.gateways.keyring import keyring
from portaal.speed.arguments import shaped_by

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


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


class ClientQuerySet(models.QuerySet["Client"]):
    def visible_to(self, user: User) -> VisibleClients:
        """Return all clients for staff that manage them, and its own for a client's login."""
        if user.is_staff:
            clients = self if user.has_right(Right.MANAGE_CLIENTS) else self.none()
            return VisibleClients.among(clients)
        mine = Membership.objects.of(user)
        return VisibleClients.among(self.filter(memberships__in=mine))

    def matching(self, words: str) -> ClientQuerySet:
        """Return clients with every word in a name or in the e-mail address."""
        clients = self
        for word in words.split():
            clients = clients.filter(
                models.Q(surname__icontains=word)
                | models.Q(first_names__icontains=word)
                | models.Q(company_name__icontains=word)
                | models.Q(email__icontains=word)
            )
        return clients


class VisibleClients(ClientQuerySet, Visible["Client"]):
    """Clients that one reader may see."""


class Client(PersonName):
    """A person or a company that the office works for. Memberships give it logins."""

    class Kind(models.TextChoices):
        PERSON = "person"
        COMPANY = "company"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.PERSON)
    company_name = models.CharField(max_length=120, blank=True)
    kvk = models.CharField(max_length=8, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    street = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    city = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    # Null for a client of before vaults, until the first correction.
    vault = models.OneToOneField(
        Vault, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    objects = ClientQuerySet.as_manager()

    class Meta:
        ordering = ("surname", "company_name", "pk")
        indexes = [
            models.Index(fields=["surname", "company_name", "id"], name="accounts_client_order")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.company_name if self.kind == self.Kind.COMPANY else self.full_name

    @property
    def is_company(self) -> bool:
        return self.kind == self.Kind.COMPANY

    def own_vault(self) -> Vault:
        """Return the vault of this client, made now if there is none. Call it in a transaction."""
        if self.vault is None:
            self.refresh_from_db(fields=["vault"], from_queryset=Client.objects.select_for_update())
        if self.vault is None:
            self.vault = Vault.objects.make()
            self.save(update_fields=["vault"])
        return self.vault

    @property
    def was_invited(self) -> bool:
        return Invitation.objects.filter(membership__client=self).exists()

    if TYPE_CHECKING:
        memberships: RelatedManager[Membership]


class UserManager(models.Manager["User"]):
    def with_right(self, right: Right) -> models.QuerySet[User]:
        """Return the active logins of the office with a role that has this right."""
        roles = models.Q(*[("role_names__contains", role) for role in roles_with(right)])
        roles.connector = models.Q.OR
        return self.filter(roles, deactivated_at=None)


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

    @property
    def is_staff(self) -> bool:
        return self.role_names != ""

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # an attribute in Django
        return self.deactivated_at is None

    if TYPE_CHECKING:
        memberships: RelatedManager[Membership]


class MembershipQuerySet(models.QuerySet["Membership"]):
    def of(self, user: User) -> MembershipQuerySet:
        """Return the active memberships of an active login."""
        return self.filter(user=user, user__deactivated_at=None, ended_at=None)


class Membership(models.Model):
    """A link between a login and a client it acts for.

    A company has one main login and optionally extra logins. A couple may share one login.
    """

    class Kind(models.TextChoices):
        MAIN = "main"
        EXTRA = "extra"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="memberships")
    kind = models.CharField(max_length=5, choices=Kind, default=Kind.MAIN)
    all_dossiers = models.BooleanField(default=True)
    may_write = models.BooleanField(default=True)
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "client"], name="accounts_one_membership")
        ]

    def __str__(self) -> str:
        return f"{self.user} for {self.client}"


class Invitation(models.Model):
    """An invitation of a login: the first e-mail (manual 1.1).

    It grants nothing. Only the link in the second e-mail lets a person set a password.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="invitations")
    invited_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.membership} invited"


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


class Session(models.Model):
    """A session of one browser in one face, before and after login.

    The value of the cookie is stored hashed.
    """

    key_hash = models.CharField(max_length=64, primary_key=True)
    face = models.CharField(max_length=6)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sessions")
    data = models.TextField(blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["seen_at"], name="accounts_session_seen")]

    def __str__(self) -> str:
        return f"{self.face} {self.key_hash[:8]}"


class RateCounter(models.Model):
    """The number of attempts in one time window. The key is an HMAC of the address or network."""

    key = models.CharField(max_length=64)
    until = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "until"], name="accounts_one_rate_counter")
        ]
        indexes = [models.Index(fields=["until"], name="accounts_counter_until")]

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.count}"


def hash_secret(value: str) -> str:
    """Return the stored form of a token or cookie.

    A plain hash is enough, because they have 256 random bits.
    """
    return sha256(value.encode("utf-8", "replace")).hexdigest()


def lookup_key(*parts: str) -> str:
    """Return an HMAC to look up a value that must not be in the database, such as an address."""
    return hmac.new(
        keyring().secret("lookup"), "\0".join(parts).encode("utf-8", "replace"), sha256
    ).hexdigest()
