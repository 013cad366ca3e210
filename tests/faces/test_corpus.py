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
from django.urls import reverse
from django.utils.html import escape
from tests.corpus import ADDRESSES, LINES, MARKUP, PHONES, TEXTS, pack
from tests.domain.files.test_names import HARMLESS, HOSTILE
from tests.page import page_errors
from tests.people import PDF, Cast

from portaal.domain.accounts.models import Client
from portaal.domain.dossiers.models import Dossier
from portaal.domain.files import uploads
from portaal.domain.files.kinds import ALL, kind_by_name
from portaal.domain.files.models import StoredFile
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


@pytest.mark.either_database
def test_markup_in_names_is_text_on_every_page(cast: Cast):
    """A page with such names has the same elements and attributes as with plain ones."""
    assert _skeletons(cast, pack(MARKUP, 80)) == _skeletons(cast, ["gewoon"])


def _skeletons(cast: Cast, texts: list[str]) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """Return the elements of each page that shows one of these names or titles."""
    marieke, sanne, purchase = (
        cast.users["marieke"],
        cast.clients["sanne"],
        cast.dossiers["purchase"],
    )
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    office, client = browser_of(marieke), browser_of(cast.users["sanne"])
    for text in texts:
        text = text[:100]
        Client.objects.filter(pk=sanne.pk).update(surname=text, street=text)
        cast.users["sanne"].surname = text
        cast.users["sanne"].save()
        Dossier.objects.filter(pk=purchase.pk).update(description=text)
        purchase.publications.update(title=text)
        for browser, path in (
            (client, "/"),
            (client, reverse("client:details")),
            (client, reverse("client:dossiers") + "?q="),
            (client, reverse("client:dossier_tab", args=[purchase.pk, "documenten"])),
            (office, reverse("office:dossiers")),
            (office, reverse("office:dossier", args=[purchase.pk])),
            (office, reverse("office:history", args=[purchase.pk])),
            (office, reverse("office:client", args=[sanne.pk])),
            (office, reverse("office:clients")),
        ):
            skeleton = _Skeleton(browser.get(path).content.decode()).found
            assert found.setdefault(path, skeleton) == skeleton, (path, text)
    marieke.sessions.all().delete()
    cast.users["sanne"].sessions.all().delete()
    return found


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


@pytest.mark.either_database
def test_attachment_name_is_safe_to_show_save_and_zip(cast: Cast):
    sanne, marieke = browser_of(cast.users["sanne"]), browser_of(cast.users["marieke"])
    path = reverse("client:message_new", args=[cast.dossiers["purchase"].pk])
    papers = [name for name, kept in NAMES.items() if kept.lower().endswith(".pdf")]
    for first in range(0, len(papers), FILES_MAX):
        names = papers[first : first + FILES_MAX]
        files = [str(upload(cast, name).pk) for name in names]
        assert (
            sanne.post(path, {"subject": "Vraag", "body": "Beste,", "files": files}).status_code
            == 302
        )
        message, kept = sent(cast).latest("sent_at"), [NAMES[name] for name in names]
        attachments = list(message.attachments.select_related("file"))
        assert [attachment.file.name for attachment in attachments] == kept
        StoredFile.objects.update(state="clean")
        for browser, address in (
            (sanne, reverse("client:message", args=[message.pk])),
            (sanne, reverse("client:dossier_tab", args=[message.dossier_id, "aangeleverd"])),
            (marieke, reverse("office:message", args=[message.pk])),
        ):
            page = browser.get(address).content.decode()
            assert [
                fault for fault in page_errors(page) if not fault.startswith("left over")
            ] == []  # a name may have braces
            assert [name for name in kept if escape(name) not in page] == []
        for attachment in attachments:
            answer = sanne.get(reverse("client:attachment", args=[attachment.pk]))
            assert b"".join(answer) == PDF
            assert saved_as(answer) == attachment.file.name
        archive = ZipFile(
            BytesIO(b"".join(marieke.get(reverse("office:attachments", args=[message.pk]))))
        )
        pack = archive.namelist()
        assert len({name.casefold() for name in pack}) == len(kept)
        assert [
            name
            for name, own in zip(pack, kept, strict=True)
            if name != own and not is_numbered(name, own)
        ] == []
        assert {archive.read(entry) for entry in pack} == {PDF}


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


def test_file_of_other_kind_is_refused_by_name(cast: Cast):
    sanne, path = (
        browser_of(cast.users["sanne"]),
        reverse("client:message_new", args=[cast.dossiers["purchase"].pk]),
    )
    for name, kept in NAMES.items():
        if (
            name.isprintable()
            and '"' not in name
            and kept != "document"
            and kind_by_name(kept, ALL) is None
        ):
            chosen = SimpleUploadedFile("x", PDF)
            chosen._name = name  # as a program sends it, with its folders
            page = sanne.post(path, {"subject": "Vraag", "body": "Beste,", "upload": chosen})
            said = (
                page.status_code,
                escape(f"“{kept}”") in page.content.decode(),
                page_errors(page.content.decode()),
            )
            assert said == (400, True, []), name
    assert not sent(cast).exists()


@pytest.mark.either_database
def test_markup_in_messages_is_text_on_every_page(written: Cast):
    """A page with such texts has the same elements and attributes as with plain ones."""
    assert _written_skeletons(written, pack(MARKUP, 80)) == _written_skeletons(written, ["gewoon"])


def _written_skeletons(
    cast: Cast, texts: list[str]
) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """Return the elements of each page that shows one of these texts of messages."""
    marieke, sanne, purchase = cast.users["marieke"], cast.users["sanne"], cast.dossiers["purchase"]
    told, asked, reply = cast.messages["sanne"], cast.messages["asked"], cast.replies["office"]
    office, client = browser_of(marieke), browser_of(sanne)
    pages = [
        (client, "/"),
        (client, reverse("client:dossier_tab", args=[purchase.pk, "berichten"])),
        (client, reverse("client:dossier_tab", args=[purchase.pk, "aangeleverd"])),
        (client, reverse("client:message", args=[told.pk])),
        (client, reverse("client:message", args=[asked.pk])),
        (client, reverse("client:reply", args=[told.pk])),
        (office, reverse("office:waiting")),
        (office, reverse("office:conversations", args=[purchase.pk])),
        (office, reverse("office:message_new", args=[purchase.pk])),
        (office, reverse("office:history", args=[purchase.pk])),
        (office, reverse("office:replies")),
        (office, reverse("office:reply", args=[reply.pk])),
        (office, reverse("office:message", args=[asked.pk])),
    ]
    Message.objects.update(
        sent_at=F("sent_at") - timedelta(hours=1)
    )  # of one that was sent just now its page says so
    for (
        browser,
        path,
    ) in (
        pages
    ):  # what is seen for the first time is an event more, at the side of the office's pages
        browser.get(path)
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for text in texts:
        for message in (told, asked, cast.messages["unread"]):
            message.seal(MessageContent(text[:150], text))
            Message.objects.filter(pk=message.pk).update(sealed=message.sealed, picked_up_at=None)
        StoredFile.objects.filter(pk__in=Attachment.objects.values("file")).update(
            name=f"{text[:150]}.pdf"
        )
        CannedReply.objects.filter(pk=reply.pk).update(
            name=f"~{text}"[:80], body=text
        )  # always last
        for browser, path in pages:
            page = browser.get(path).content.decode()
            skeleton = _Skeleton(page).found
            assert found.setdefault(path, skeleton) == skeleton, (path, text)
            assert escape(text[:40]) in page, (path, text)
    marieke.sessions.all().delete()
    sanne.sessions.all().delete()
    return found


def test_one_line_is_idempotent():
    for kept in LINES.values():
        assert kept is None or one_line(kept) == kept
