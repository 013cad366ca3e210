"""Hostile and strange texts in every form: stored safely or rejected, never an error."""

from __future__ import annotations

import re
from datetime import timedelta
from email.message import Message as Headers
from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F, QuerySet
from django.test import Client as Browser
from django.urls import reverse
from markupsafe import escape
from tests.corpus import ADDRESSES, LINES, MARKUP, PHONES, TEXTS
from tests.domain.files.test_names import HARMLESS, HOSTILE
from tests.page import page_errors
from tests.people import PDF, Cast

from portaal.domain.clients.models import Client
from portaal.domain.dossiers.models import Dossier
from portaal.domain.files import uploads
from portaal.domain.files.kinds import ALL, kind_by_name
from portaal.domain.files.models import StoredFile
from portaal.domain.identity.models import User
from portaal.domain.messaging.models import Attachment, CannedReply, Message, MessageContent
from portaal.domain.messaging.validators import FILES_MAX
from portaal.domain.messaging.verbs import send as send_message
from portaal.web.fields import one_line

from .matrix import browser_of

NEW_CLIENT = "/kantoor/clienten/nieuw/"


def verdicts(kept: dict[str, str | None]) -> Any:
    return pytest.mark.parametrize(
        ("typed", "kept"), kept.items(), ids=lambda value: ascii(value)[:40]
    )


def add_client(cast: Cast, **typed: str) -> Any:
    said = {"kind": "person", "surname": "Gewoon", "salutation": "", "language": "nl"} | typed
    return browser_of(cast.users["marieke"]).post(NEW_CLIENT, said)


@verdicts(LINES)
def test_name_is_kept_on_one_line_or_rejected(cast: Cast, typed: str, kept: str | None):
    _kept_or_refused(add_client(cast, surname=typed), "surname", typed, kept)


@verdicts(ADDRESSES)
def test_email_address_is_deliverable_or_rejected(cast: Cast, typed: str, kept: str | None):
    _kept_or_refused(add_client(cast, email=typed), "email", typed, kept)


@verdicts(PHONES)
def test_phone_number_has_digits_or_is_rejected(cast: Cast, typed: str, kept: str | None):
    _kept_or_refused(add_client(cast, phone=typed), "phone", typed, kept)


def _kept_or_refused(answer: Any, field: str, typed: str, kept: str | None) -> None:
    before = 5  # the cast's own
    if kept is None:
        form = answer.context["form"]
        assert answer.status_code == 400
        assert Client.objects.count() == before
        assert list(form.errors) == [field]
        assert form[field].value() == typed
    else:
        assert answer.status_code == 302
        assert getattr(Client.objects.latest("made_at"), field) == kept


@verdicts(LINES)
def test_any_search_is_answered(cast: Cast, typed: str, kept: str | None):
    office, client = browser_of(cast.users["marieke"]), browser_of(cast.users["emre"])
    for browser, route in (
        (office, "office:dossiers"),
        (office, "office:clients"),
        (client, "client:dossiers"),
    ):
        assert browser.get(reverse(route), {"q": typed}).status_code == 200
    path = reverse("office:party_new", args=[cast.dossiers["purchase"].pk])
    assert office.get(path, {"q": typed}).status_code == 200


@verdicts(LINES | dict.fromkeys(ADDRESSES))
def test_any_wrong_login_is_explained(cast: Cast, typed: str, kept: str | None):
    for route in ("client:login", "office:login"):
        answer = browser_of(None).post(reverse(route), {"email": typed, "password": typed})
        assert answer.status_code == 400
        assert bool(answer.context["form"].errors)


# Everything that could become markup, as one text, because fetching a page costs the most. Some
# lists show only the beginning of a text, so that breaks out of an attribute and of an element.
ALL_MARKUP = " ".join(["'\"><script>alert(1)</script>", *MARKUP])


@pytest.mark.either_database  # and PostgreSQL would refuse names of this length
@pytest.mark.parametrize(
    ("person", "path"),
    [
        ("sanne", "/"),
        ("sanne", "/mijn-gegevens/"),
        ("sanne", "/dossiers/?q="),
        ("sanne", "/dossiers/{purchase}/documenten/"),
        ("marieke", "/kantoor/dossiers/"),
        ("marieke", "/kantoor/dossiers/{purchase}/"),
        ("marieke", "/kantoor/dossiers/{purchase}/historie/"),
        ("marieke", "/kantoor/clienten/{sanne}/"),
        ("marieke", "/kantoor/clienten/"),
    ],
)
def test_markup_in_names_is_text(cast: Cast, person: str, path: str):
    """A page with such names has the same elements and attributes as with plain ones."""
    browser = browser_of(cast.users[person])
    path = path.format(purchase=cast.dossiers["purchase"].pk, sanne=cast.clients["sanne"].pk)
    skeletons = []
    for text in ("gewoon", ALL_MARKUP):
        _name_everything(cast, text)
        page = browser.get(path).content.decode()
        assert text in unescape(page)
        skeletons.append(_Skeleton(page).found)
    assert skeletons[0] == skeletons[1]


def _name_everything(cast: Cast, text: str) -> None:
    """Give Sanne, her dossier and her publications this name."""
    Client.objects.filter(pk=cast.clients["sanne"].pk).update(surname=text, street=text)
    User.objects.filter(pk=cast.users["sanne"].pk).update(surname=text)
    Dossier.objects.filter(pk=cast.dossiers["purchase"].pk).update(description=text)
    cast.dossiers["purchase"].publications.update(title=text)


class _Skeleton(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(name for name, _value in attrs)))


@pytest.fixture
def written(cast: Cast) -> Cast:
    """Return the cast with messages to and from Sanne, attachments and canned replies."""
    sanne = cast.parties["sanne"]
    cast.messages["unread"] = send_message(
        sanne.dossier, by=cast.users["marieke"], parties=[sanne], subject="Nieuw", body="Beste,"
    )
    return cast


def sent(cast: Cast) -> QuerySet[Message]:
    """Return the messages sent after those of the cast."""
    return Message.objects.exclude(
        pk__in=[message.pk for message in cast.messages.values()]
    ).select_related("dossier__vault")


def kept_replies(cast: Cast) -> QuerySet[CannedReply]:
    return CannedReply.objects.exclude(pk__in=[reply.pk for reply in cast.replies.values()])


@verdicts(LINES)
def test_subject_is_kept_on_one_line_or_rejected(cast: Cast, typed: str, kept: str | None):
    sanne, path = (
        browser_of(cast.users["sanne"]),
        reverse("client:message_new", args=[cast.dossiers["purchase"].pk]),
    )
    answer = sanne.post(path, {"subject": typed, "body": "Beste,"})
    if kept is None:
        form = answer.context["form"]
        assert answer.status_code == 400
        assert list(form.errors) == ["subject"]
        assert form["subject"].value() == typed
        assert not sent(cast).exists()
    else:
        assert answer.status_code == 302
        assert sent(cast).get().content.subject == kept


@verdicts(TEXTS)
def test_body_is_kept_as_written_or_rejected(cast: Cast, typed: str, kept: str | None):
    sanne, path = (
        browser_of(cast.users["sanne"]),
        reverse("client:message_new", args=[cast.dossiers["purchase"].pk]),
    )
    answer = sanne.post(path, {"subject": "Vraag", "body": typed})
    if kept is None:
        form = answer.context["form"]
        assert answer.status_code == 400
        assert list(form.errors) == ["body"]
        assert form["body"].value() == typed
        assert not sent(cast).exists()
    else:
        assert answer.status_code == 302
        assert sent(cast).get().content.body == kept
        for browser, address in (
            (sanne, reverse("client:message", args=[sent(cast).get().pk])),
            (
                browser_of(cast.users["marieke"]),
                reverse("office:message", args=[sent(cast).get().pk]),
            ),
        ):
            assert kept in unescape(browser.get(address).content.decode())


@verdicts(LINES)
def test_name_of_canned_reply_is_kept_on_one_line_or_rejected(
    cast: Cast, typed: str, kept: str | None
):
    answer = browser_of(cast.users["marieke"]).post(
        reverse("office:reply_new"), {"name": typed, "body": "Beste,"}
    )
    assert answer.status_code == (400 if kept is None else 302)
    assert [reply.name for reply in kept_replies(cast)] == ([] if kept is None else [kept])


# Braces are placeholders, never template syntax.
BRACES = {
    "Beste {onzin}": None,
    "{__class__}": None,
    "{0}": None,
    "{}": "{}",
    "{a.b} {a[0]} {!r}": "{a.b} {a[0]} {!r}",
}


@verdicts(TEXTS | BRACES)
def test_text_of_canned_reply_is_shown_as_text_or_rejected(
    cast: Cast, typed: str, kept: str | None
):
    marieke = browser_of(cast.users["marieke"])
    answer = marieke.post(reverse("office:reply_new"), {"name": "Naam", "body": typed})
    assert answer.status_code == (400 if kept is None else 302)
    assert [reply.body for reply in kept_replies(cast)] == ([] if kept is None else [kept])
    if kept is not None:
        assert kept in unescape(marieke.get(answer.headers["Location"]).content.decode())


# Names as sent, with the names as stored.
NAMES = HOSTILE | dict(zip(HARMLESS, HARMLESS, strict=True))


def upload(cast: Cast, name: str) -> StoredFile:
    """Upload a file of Sanne in parts, under any name."""
    sanne, purchase = cast.users["sanne"], cast.dossiers["purchase"]
    begun = uploads.create(
        by=sanne, vault=purchase.vault, dossier=purchase.pk, name=name, length=len(PDF)
    )
    return uploads.finish(uploads.append(begun, by=sanne, offset=0, chunks=[PDF]), by=sanne)


PDF_NAMES = [name for name, kept in NAMES.items() if kept.lower().endswith(".pdf")]


@pytest.mark.either_database
@pytest.mark.parametrize("first", range(0, len(PDF_NAMES), FILES_MAX))
def test_attachment_name_is_safe_to_show_save_and_zip(cast: Cast, first: int):
    """One message has as many of the names as it may have attachments."""
    names = PDF_NAMES[first : first + FILES_MAX]
    sanne, marieke = browser_of(cast.users["sanne"]), browser_of(cast.users["marieke"])
    message = send_files(sanne, cast, [upload(cast, name) for name in names])
    kept = [NAMES[name] for name in names]
    attachments = list(message.attachments.select_related("file"))
    assert [attachment.file.name for attachment in attachments] == kept
    StoredFile.objects.update(state="clean")
    for browser, address in (
        (sanne, reverse("client:message", args=[message.pk])),
        (sanne, reverse("client:dossier_tab", args=[message.dossier_id, "aangeleverd"])),
        (marieke, reverse("office:message", args=[message.pk])),
    ):
        page = browser.get(address).content.decode()
        errors = [error for error in page_errors(page) if not error.startswith("left over")]
        assert errors == []  # braces may be left over, from a name
        assert [name for name in kept if escape(name) not in page] == []
    for attachment in attachments:
        answer = sanne.get(reverse("client:attachment", args=[attachment.pk]))
        assert b"".join(answer) == PDF
        assert saved_as(answer) == attachment.file.name
    zipped = b"".join(marieke.get(reverse("office:attachments", args=[message.pk])))
    check_archive(ZipFile(BytesIO(zipped)), kept)


def send_files(sanne: Browser, cast: Cast, files: list[StoredFile]) -> Message:
    """Send a message of Sanne with these files through its form."""
    path = reverse("client:message_new", args=[cast.dossiers["purchase"].pk])
    data = {"subject": "Vraag", "body": "Beste,", "files": [str(file.pk) for file in files]}
    assert sanne.post(path, data).status_code == 302
    return sent(cast).get()


def check_archive(archive: ZipFile, kept: list[str]) -> None:
    """Check that each entry has the name of its file, or that name with a number."""
    entries = archive.namelist()
    assert len({entry.casefold() for entry in entries}) == len(kept)
    assert [
        entry
        for entry, name in zip(entries, kept, strict=True)
        if entry != name and not is_numbered(entry, name)
    ] == []
    assert {archive.read(entry) for entry in entries} == {PDF}


def is_numbered(name: str, own: str) -> bool:
    """Tell if a name is another one with a number, as for a second file of that name."""
    stem, _, ending = own.rpartition(".")
    return re.fullmatch(rf"{re.escape(stem)} \(\d+\)\.{ending}", name) is not None


def saved_as(answer: Any) -> str:
    """Return the name under which a browser saves a file."""
    headers = Headers()
    headers["Content-Disposition"] = answer.headers["Content-Disposition"]
    assert headers.get_content_disposition() == "attachment"
    return headers.get_filename() or ""


# Names of other kinds that a multipart header can carry.
OTHER_NAMES = [
    name
    for name, kept in NAMES.items()
    if name.isprintable() and '"' not in name and kept != "document"
    if kind_by_name(kept, ALL) is None
]


@pytest.mark.parametrize("name", OTHER_NAMES, ids=ascii)
def test_file_of_other_kind_is_refused_by_name(cast: Cast, name: str):
    sanne = browser_of(cast.users["sanne"])
    path = reverse("client:message_new", args=[cast.dossiers["purchase"].pk])
    chosen = SimpleUploadedFile("x", PDF)
    chosen._name = name  # as a program sends it, with its folders
    answer = sanne.post(path, {"subject": "Vraag", "body": "Beste,", "upload": chosen})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert escape(f"“{NAMES[name]}”") in page
    assert page_errors(page) == []
    assert not sent(cast).exists()


@pytest.mark.either_database  # and PostgreSQL would refuse names of this length
@pytest.mark.parametrize(
    ("person", "path"),
    [
        ("sanne", "/"),
        ("sanne", "/dossiers/{purchase}/berichten/"),
        ("sanne", "/dossiers/{purchase}/aangeleverd/"),
        ("sanne", "/berichten/{told}/"),
        ("sanne", "/berichten/{asked}/"),
        ("sanne", "/berichten/{told}/antwoord/"),
        ("marieke", "/kantoor/berichten/"),
        ("marieke", "/kantoor/berichten/{asked}/"),
        ("marieke", "/kantoor/dossiers/{purchase}/berichten/"),
        ("marieke", "/kantoor/dossiers/{purchase}/berichten/nieuw/"),
        ("marieke", "/kantoor/dossiers/{purchase}/historie/"),
        ("marieke", "/kantoor/antwoorden/"),
        ("marieke", "/kantoor/antwoorden/{reply}/"),
    ],
)
def test_markup_in_messages_is_text(written: Cast, person: str, path: str):
    """A page with such texts has the same elements and attributes as with plain ones."""
    browser = browser_of(written.users[person])
    path = path.format(
        purchase=written.dossiers["purchase"].pk,
        told=written.messages["sanne"].pk,
        asked=written.messages["asked"].pk,
        reply=written.replies["office"].pk,
    )
    # A message of this moment is shown without its time.
    Message.objects.update(sent_at=F("sent_at") - timedelta(hours=1))
    browser.get(path)  # the first look is an event that the office's pages show
    skeletons = []
    for text in ("gewoon", ALL_MARKUP):
        _write_everywhere(written, text)
        page = browser.get(path).content.decode()
        assert text in unescape(page)
        skeletons.append(_Skeleton(page).found)
    assert skeletons[0] == skeletons[1]


def _write_everywhere(cast: Cast, text: str) -> None:
    """Put this text in messages, names of attachments and a canned reply."""
    for name in ("sanne", "asked", "unread"):
        message = cast.messages[name]
        message.seal(MessageContent(text, text))
        Message.objects.filter(pk=message.pk).update(sealed=message.sealed, picked_up_at=None)
    attached = Attachment.objects.values("file")
    StoredFile.objects.filter(pk__in=attached).update(name=f"{text}.pdf")
    # The tilde keeps it the last of its list.
    CannedReply.objects.filter(pk=cast.replies["office"].pk).update(name=f"~{text}", body=text)


def test_one_line_is_idempotent():
    for kept in LINES.values():
        assert kept is None or one_line(kept) == kept
