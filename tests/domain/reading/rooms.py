"""The rooms that use the read marks, with the same few acts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from django.db.models import Model
from tests.people import Cast, publish_to

from portaal.domain.documents.holders import PublicationFile
from portaal.domain.documents.models import Publication
from portaal.domain.documents.models import Reading as PublicationReading
from portaal.domain.files.verbs import download
from portaal.domain.identity.models import User
from portaal.domain.messaging.models import Message
from portaal.domain.messaging.models import Reading as MessageReading
from portaal.domain.messaging.verbs import read, send


class Room(ABC):
    """The verbs of a room that uses the read marks."""

    model: Any  # of what is opened
    readings: Any

    @abstractmethod
    def show(self, cast: Cast, name: str) -> Any:
        """Show something to a party of the cast."""

    @abstractmethod
    def open(self, shown: Any, by: User) -> None:
        """Open it as a client's login does."""

    @abstractmethod
    def rows(self, shown: Any) -> Any:
        """Return the rows that show it to its parties."""

    def new_to(self, user: User) -> set[Model]:
        return set(self.model.objects.new_to(user))

    def is_new(self, shown: Any, *users: User) -> list[bool]:
        return [shown in self.new_to(user) for user in users]

    def is_marked(self, shown: Any) -> bool:
        return bool(self.rows(shown).get().seen_by_all_at)


class Documents(Room):
    model, readings = Publication, PublicationReading

    def show(self, cast: Cast, name: str) -> Publication:
        return publish_to([cast.parties[name]], cast.users["marieke"])

    def open(self, shown: Publication, by: User) -> None:
        download(PublicationFile(shown), by=by)

    def rows(self, shown: Publication) -> Any:
        return shown.recipients


class Messaging(Room):
    model, readings = Message, MessageReading

    def show(self, cast: Cast, name: str) -> Message:
        party = cast.parties[name]
        content = {"subject": "Sleutel", "body": "Komt vrijdag u uit?", "parties": [party]}
        return send(party.dossier, by=cast.users["marieke"], **content)  # type: ignore[arg-type]

    def open(self, shown: Message, by: User) -> None:
        read(shown, by=by)

    def rows(self, shown: Message) -> Any:
        return Message.objects.filter(pk=shown.pk)


def logins_of(cast: Cast, client: str) -> list[User]:
    return list(User.objects.filter(memberships__client=cast.clients[client]))
