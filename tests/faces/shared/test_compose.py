"""The form of a message, for clients and the office: sent once, or returned complete."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.conf import settings as current
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse
from django.utils import timezone
from markupsafe import escape
from tests.corpus import FAMILY, text_of
from tests.faces.matrix import NOWHERE, browser_of
from tests.page import page_errors
from tests.people import PASSWORD, PDF, Cast, store
from tests.people import send as send_file

from portaal.domain.dossiers.models import Dossier
from portaal.domain.dossiers.verbs import change_status, remove_party
from portaal.domain.drafts.models import Draft
from portaal.domain.files.models import StoredFile
from portaal.domain.files.sweep import UNCLAIMED_FOR, sweep
from portaal.domain.identity.models import User
from portaal.domain.messaging.models import Message
from portaal.domain.messaging.validators import BODY_MAX, FILES_MAX
from portaal.domain.messaging.verbs import delete_canned_reply
from portaal.gateways.blobs import DiskBlobWriter

WORDS = {
    "empty": ("Vul een onderwerp in.", "Enter a subject."),
    "long": (
        f"Het maximaal aantal van {BODY_MAX} karakters",
        f"The maximum number of {BODY_MAX} characters",
    ),
    "kind": (
        "Een bestand als “virus.exe” nemen wij niet aan.",
        "We do not take files such as “virus.exe”.",
    ),
    "gone": ("Een bijlage is er niet meer.", "An attachment is no longer there."),
    "twice": (
        "Dit bericht was al verstuurd vanuit een ander venster.",
        "This message was sent already from another window.",
    ),
    "closed": ("Uw bericht is niet verstuurd", "Your message was not sent"),
}


@pytest.fixture(params=["client", "office"])
def face(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(params=["new", "answer"])
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(autouse=True)
def _room(settings: Any) -> None:
    settings.FREE_SPACE_MIN = 0


class Desk:
    """Sanne or Marieke at the form of a new message or of a reply."""

    def __init__(self, cast: Cast, face: str, kind: str = "new", *, language: str = "nl") -> None:
        self.cast, self.face, self.kind = cast, face, kind
        self.user: User = cast.users["sanne" if face == "client" else "marieke"]
        User.objects.filter(pk=self.user.pk).update(language=language)
        self.dossier: Dossier = cast.dossiers["purchase"]
        self.browser: Client = browser_of(self.user)
        if kind == "new":
            self.path = reverse(f"{face}:message_new", args=[self.dossier.pk])
        elif face == "client":
            self.path = reverse("client:reply", args=[cast.messages["sanne"].pk])
        else:
            self.path = reverse("office:message", args=[cast.messages["asked"].pk])
        self.known = set(Message.objects.values_list("pk", flat=True))

    def said(self, **more: Any) -> dict[str, Any]:
        whole = {
            "subject": "Kopie stukken",
            "body": "Beste,\nHierbij zend ik",
            "submission": str(uuid4()),
        }
        if self.face == "office" and self.kind == "new":
            whole["parties"] = [str(self.cast.parties["sanne"].pk)]
        return whole | more

    def press(self, **more: Any) -> Any:
        """Post the form, and check the returned page."""
        answer = self.browser.generic(
            "POST", self.path, multipart(self.said(**more)), MULTIPART_CONTENT
        )
        assert answer.status_code < 500
        if answer.status_code != 302:
            assert page_errors(answer.content.decode()) == []
        return answer

    def sent(self) -> list[Message]:
        """Return the messages sent since this desk was made."""
        found = Message.objects.exclude(pk__in=self.known).select_related("dossier__vault")
        return list(found.prefetch_related("attachments__file__vault").order_by("sent_at"))

    def file(self, name: str = "akte.pdf", content: bytes = PDF) -> StoredFile:
        return store(self.user, self.dossier, name=name, content=content)


def multipart(said: dict[str, Any]) -> bytes:
    """Return the multipart body; a text may be bytes that no browser would send."""
    raw = {name: value for name, value in said.items() if isinstance(value, bytes)}
    content = encode_multipart(BOUNDARY, said | {name: f"raw-{name}" for name in raw})
    for name, value in raw.items():
        content = content.replace(f"raw-{name}".encode(), value)
    return content


def chosen(name: str = "akte.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def names(message: Message) -> list[str]:
    return [attachment.file.name for attachment in message.attachments.all()]


def listed(answer: Any) -> list[str]:
    return [file["name"] for file in answer.context["files"]]


def number_of(answer: Any) -> str:
    """Return the submission id in the returned form."""
    return answer.content.decode().partition('name="submission" value="')[2].partition('"')[0]


# Sending


def test_message_is_sent_with_uploaded_and_posted_files(cast: Cast, face: str, kind: str):
    desk = Desk(cast, face, kind)
    before = [desk.file("een.pdf"), desk.file("twee.pdf", PDF + b"2")]
    answer = desk.press(
        files=[str(file.pk) for file in reversed(before)],
        upload=[chosen("drie.pdf"), chosen("vier.pdf")],
    )
    [message] = desk.sent()
    assert answer.status_code == 302
    assert message.content.subject == "Kopie stukken"
    assert message.content.body == "Beste,\nHierbij zend ik"
    assert message.from_office == (face == "office")
    assert message.sender == desk.user
    assert (message.reply_to_id is not None) == (kind == "answer")
    assert names(message) == ["twee.pdf", "een.pdf", "drie.pdf", "vier.pdf"]
    found = [b"".join(attachment.file.chunks()) for attachment in message.attachments.all()]
    assert found == [PDF + b"2", PDF, PDF, PDF]


def test_office_sends_each_party_a_message_with_the_same_file(cast: Cast):
    desk = Desk(cast, "office")
    parties = [cast.parties[name] for name in ("sanne", "emre")]
    desk.press(parties=[str(party.pk) for party in parties], upload=[chosen()])
    assert {message.party for message in desk.sent()} == set(parties)
    assert [names(message) for message in desk.sent()] == [["akte.pdf"]] * 2


def test_remove_button_removes_one_attachment_and_sends_nothing(cast: Cast, face: str, kind: str):
    desk = Desk(cast, face, kind)
    files = [desk.file("een.pdf"), desk.file("twee.pdf")]
    answer = desk.press(
        files=[str(file.pk) for file in files], remove=str(files[0].pk), subject="", body="Half af"
    )
    assert answer.status_code == 200
    assert listed(answer) == ["twee.pdf"]
    assert answer.context["form"].errors == {}
    assert answer.context["form"]["body"].value() == "Half af"
    assert desk.sent() == []


def test_discarded_draft_is_deleted_and_nothing_is_sent(cast: Cast, face: str, kind: str):
    desk = Desk(cast, face, kind)
    kept = keep(desk).json()["submission"]
    answer = desk.press(submission=kept, discard="1")
    assert answer.status_code == 302
    assert Draft.objects.count() == 0
    assert desk.sent() == []


def test_canned_reply_is_appended_and_nothing_is_sent(cast: Cast, kind: str):
    desk = Desk(cast, "office", kind)
    answer = desk.press(
        insert="1",
        standard=str(cast.replies["office"].pk),
        body="Al getypt\r\n",
        files=[str(desk.file("een.pdf").pk)],
        upload=[chosen("twee.pdf")],
        subject="",
    )
    assert answer.status_code == 200
    assert listed(answer) == ["een.pdf", "twee.pdf"]
    assert desk.sent() == []
    assert answer.context["form"]["body"].value() == "Al getypt\n\nBeste mevrouw Test,"
    assert answer.context["form"].errors == {}


@pytest.mark.parametrize("standard", ["", "onzin", str(NOWHERE)])
def test_insert_without_choice_leaves_text(cast: Cast, kind: str, standard: str):
    desk = Desk(cast, "office", kind)
    answer = desk.press(insert="1", standard=standard, body="Al getypt", subject="")
    assert answer.context["form"]["body"].value() == "Al getypt"
    assert desk.sent() == []
    assert answer.context["form"].errors == {}
    assert "Kies eerst een sjabloon." in answer.content.decode()


def test_deleted_canned_reply_does_not_stop_message(cast: Cast, kind: str):
    desk = Desk(cast, "office", kind)
    dropped = str(cast.replies["office"].pk)
    delete_canned_reply(cast.replies["office"], by=cast.users["joost"])
    assert desk.press(standard=dropped).status_code == 302
    assert len(desk.sent()) == 1


# Texts


# Every blank text and every length is in tests/domain/messaging/test_validators.py.
@pytest.mark.parametrize("nothing", ["", "\u2066\u2069", "\0"], ids=ascii)
@pytest.mark.parametrize("field", ["subject", "body"])
def test_invisible_text_is_rejected_and_attachments_stay(
    cast: Cast, face: str, kind: str, field: str, nothing: str
):
    desk = Desk(cast, face, kind)
    file = desk.file("een.pdf")
    answer = desk.press(
        **{field: utf8(nothing), "files": [str(file.pk)], "upload": [chosen("twee.pdf")]}
    )
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert listed(answer) == ["een.pdf", "twee.pdf"]
    assert desk.sent() == []


def utf8(text: str) -> bytes:
    """Encode as a program may, lone surrogates included."""
    return text.encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("sign", [FAMILY, "\r\n"], ids=ascii)
def test_text_one_unit_too_long_is_returned_uncut(cast: Cast, face: str, sign: str):
    desk = Desk(cast, face)
    text = text_of(BODY_MAX + 1, sign)
    file = desk.file()
    answer = desk.press(body=text, files=[str(file.pk)])
    form = answer.context["form"]
    assert answer.status_code == 400
    assert list(form.errors) == ["body"]
    assert listed(answer) == ["akte.pdf"]
    assert desk.sent() == []
    assert form.errors["body"][0].startswith(WORDS["long"][0])
    assert form["body"].value().replace("\r\n", "\n") == text.replace("\r\n", "\n")


@pytest.mark.parametrize("sign", [FAMILY, "\r\n"], ids=ascii)
def test_text_of_maximum_length_is_sent_whole(cast: Cast, face: str, sign: str):
    desk = Desk(cast, face)
    text = text_of(BODY_MAX, sign)
    assert desk.press(body=text).status_code == 302
    assert desk.sent()[0].content.body == text.replace("\r\n", "\n")


@pytest.mark.parametrize(("sign", "kept"), [("\0", ""), ("\ud800", "\ufffd" * 3)], ids=ascii)
def test_text_with_unencodable_characters_causes_no_error(
    cast: Cast, face: str, kind: str, sign: str, kept: str
):
    desk = Desk(cast, face, kind)
    assert desk.press(subject=utf8("Kopie"), body=utf8(f"Bes{sign}te")).status_code == 302
    assert desk.sent()[0].content.body == f"Bes{kept}te"


def test_ten_megabytes_of_text_are_refused(cast: Cast, face: str, kind: str):
    desk = Desk(cast, face, kind)
    assert desk.press(body="x" * 10_000_000).status_code == 413
    assert desk.sent() == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_errors_are_in_language_of_writer(cast: Cast, face: str, kind: str, language: str):
    desk = Desk(cast, face, kind, language=language)
    for field, typed, words in (("subject", "", "empty"), ("body", "x" * (BODY_MAX + 1), "long")):
        summary = (
            desk.press(**{field: typed})
            .content.decode()
            .partition("<error-summary")[2]
            .partition("</error-summary>")[0]
        )
        assert [escape(each) in summary for each in WORDS[words]] == [
            language == "nl",
            language == "en",
        ]
    text = desk.press(upload=[chosen("virus.exe")]).content.decode()
    assert escape(WORDS["kind"][language == "en"]) in text


# Files


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("virus.exe", b"MZ", "Een bestand als “virus.exe” nemen wij niet aan."),
        ("leeg.pdf", b"", "“leeg.pdf” is leeg."),
        ("groot.pdf", b"%PDF-1.7\n" + b"x" * 5000, "“groot.pdf” is groter dan"),
        ("nep.pdf", b"<html>", "“nep.pdf” heet pdf"),
    ],
)
def test_refused_file_is_explained_and_others_stay(
    cast: Cast, face: str, kind: str, settings: Any, name: str, content: bytes, words: str
):
    desk = Desk(cast, face, kind)
    settings.FILE_MAX_BYTES = 4000
    answer = desk.press(upload=[chosen("goed.pdf"), chosen(name, content)])
    form = answer.context["form"]
    assert answer.status_code == 400
    assert list(form.errors) == ["upload"]
    assert listed(answer) == ["goed.pdf"]
    assert form.errors["upload"][0].startswith(words)
    assert form["body"].value() == "Beste,\nHierbij zend ik"
    assert desk.sent() == []


def test_too_many_uploaded_files_are_rejected_and_text_stays(cast: Cast, face: str, kind: str):
    desk = Desk(cast, face, kind)
    files = [desk.file(f"{number}.pdf") for number in range(FILES_MAX + 1)]
    answer = desk.press(files=[str(file.pk) for file in files])
    assert answer.status_code == 400
    assert len(listed(answer)) == FILES_MAX + 1
    assert desk.sent() == []
    assert "Een bericht heeft ten hoogste 20 bijlagen." in answer.content.decode()
    assert answer.context["form"]["body"].value() == "Beste,\nHierbij zend ik"
    assert desk.press(files=[str(file.pk) for file in files[1:]]).status_code == 302


@pytest.mark.parametrize(
    ("more", "words"),
    [(1, "1 bestand is niet toegevoegd"), (180, "180 bestanden zijn niet toegevoegd")],
)
def test_too_many_posted_files_keep_the_first_and_text_stays(
    cast: Cast, face: str, kind: str, more: int, words: str
):
    desk = Desk(cast, face, kind)
    answer = desk.press(upload=[chosen(f"{number}.pdf") for number in range(FILES_MAX + more)])
    assert answer.status_code == 400
    assert desk.sent() == []
    assert listed(answer) == [f"{number}.pdf" for number in range(FILES_MAX)]
    assert words in answer.content.decode()
    assert answer.context["form"]["body"].value() == "Beste,\nHierbij zend ik"
    desk.press(files=[str(file["pk"]) for file in answer.context["files"]])
    assert [names(message) for message in desk.sent()] == [
        [f"{number}.pdf" for number in range(FILES_MAX)]
    ]


@pytest.mark.parametrize("what", ["write", "commit"])
@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "geen ruimte voor bestanden"),
        (errno.EIO, "Het bestand kon niet worden verstuurd"),
    ],
)
def test_failing_disk_is_explained_and_text_stays(
    cast: Cast,
    face: str,
    kind: str,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    words: str,
    what: str,
):
    desk = Desk(cast, face, kind)
    file = desk.file("eerder.pdf")

    def fails(*_: object) -> None:
        raise OSError(number, "no")

    with monkeypatch.context() as broken:
        broken.setattr(DiskBlobWriter, what, fails)
        answer = desk.press(files=[str(file.pk)], upload=[chosen("een.pdf"), chosen("twee.pdf")])
    assert answer.status_code == 400
    assert listed(answer) == ["eerder.pdf"]
    assert desk.sent() == []
    assert words in answer.content.decode()
    assert answer.context["form"]["body"].value() == "Beste,\nHierbij zend ik"
    assert list((settings.FILES_DIR / "tmp").iterdir()) == []
    assert (
        desk.press(files=[str(file.pk)], upload=[chosen("een.pdf"), chosen("twee.pdf")]).status_code
        == 302
    )


def test_nearly_full_disk_accepts_messages_without_files_only(
    cast: Cast, face: str, kind: str, settings: Any
):
    desk = Desk(cast, face, kind)
    before = blobs_of(settings)
    settings.FREE_SPACE_MIN = 10**18
    answer = desk.press(upload=[chosen()])
    assert answer.status_code == 400
    assert listed(answer) == []
    assert desk.sent() == []
    assert "geen ruimte voor bestanden" in answer.content.decode()
    assert blobs_of(settings) == before
    assert desk.press().status_code == 302


def blobs_of(settings: Any) -> set[Path]:
    return {path for path in settings.FILES_DIR.rglob("*") if path.is_file()}


def test_file_listed_twice_is_attached_once(cast: Cast, face: str, kind: str):
    desk = Desk(cast, face, kind)
    file = str(desk.file().pk)
    assert desk.press(files=[file, file, file.upper(), f"{{{file}}}"]).status_code == 302
    assert names(desk.sent()[0]) == ["akte.pdf"]


def test_same_bytes_chosen_twice_are_two_attachments(cast: Cast, face: str, kind: str):
    desk = Desk(cast, face, kind)
    desk.press(upload=[chosen(), chosen()])
    assert names(desk.sent()[0]) == ["akte.pdf", "akte.pdf"]


@pytest.mark.parametrize("whose", ["another login", "another dossier", "nobody"])
def test_file_of_other_user_or_dossier_is_not_attached(
    cast: Cast, face: str, kind: str, whose: str
):
    desk = Desk(cast, face, kind)
    elsewhere = cast.dossiers["holding" if face == "office" else "secret"]
    file = {
        "another login": lambda: store(cast.users["emre"], desk.dossier).pk,
        "another dossier": lambda: store(desk.user, elsewhere).pk,
        "nobody": uuid4,
    }[whose]()
    answer = desk.press(files=[str(file)])
    assert answer.status_code == 400
    assert listed(answer) == []
    assert desk.sent() == []
    assert WORDS["gone"][0] in answer.content.decode()
    assert not StoredFile.objects.filter(pk=file).exclude(claimed_at=None).exists()


@pytest.mark.parametrize(
    "number", ["onzin", "", "\0", "' OR 1=1 --", "9" * 5000, "00000000-0000-0000-0000"]
)
def test_malformed_file_id_is_ignored(cast: Cast, face: str, kind: str, number: str):
    desk = Desk(cast, face, kind)
    assert (
        desk.press(files=[number], remove=number).status_code == 200
    )  # a bin was pressed, so nothing is sent
    assert desk.press(files=[number]).status_code == 302
    assert names(desk.sent()[0]) == []


def test_swept_file_is_explained_and_the_rest_stays(cast: Cast, face: str, kind: str):
    desk = Desk(cast, face, kind)
    old, fresh = desk.file("oud.pdf"), desk.file("vers.pdf")
    swept(old)
    answer = desk.press(files=[str(old.pk), str(fresh.pk)])
    assert answer.status_code == 400
    assert listed(answer) == ["vers.pdf"]
    assert desk.sent() == []
    assert WORDS["gone"][0] in answer.content.decode()
    assert answer.context["form"]["body"].value() == "Beste,\nHierbij zend ik"
    assert desk.press(files=[str(fresh.pk)]).status_code == 302


def test_draft_explains_that_its_file_was_swept(cast: Cast, face: str, kind: str):
    desk = Desk(cast, face, kind)
    old, fresh = desk.file("oud.pdf"), desk.file("vers.pdf")
    keep(desk, files=[str(old.pk), str(fresh.pk)])
    assert WORDS["gone"][0] not in desk.browser.get(desk.path).content.decode()
    swept(old)
    page = desk.browser.get(desk.path)
    assert listed(page) == ["vers.pdf"]
    assert WORDS["gone"][0] in page.content.decode()


def swept(file: StoredFile) -> None:
    """Delete a file as if it was unclaimed for a day."""
    StoredFile.objects.filter(pk=file.pk).update(
        received_at=timezone.now() - UNCLAIMED_FOR - timedelta(minutes=1)
    )
    sweep()
    assert not StoredFile.objects.filter(pk=file.pk).exists()


@pytest.mark.parametrize("state", ["waiting", "quarantined"])
def test_unchecked_file_is_sent_but_cannot_be_opened(cast: Cast, face: str, kind: str, state: str):
    desk = Desk(cast, face, kind)
    file = send_file(desk.user, desk.dossier)
    StoredFile.objects.filter(pk=file.pk).update(
        state=state, reason="found" if state == "quarantined" else ""
    )
    assert desk.press(files=[str(file.pk)]).status_code == 302
    [attachment] = desk.sent()[0].attachments.all()
    for side, who in (("client", "sanne"), ("office", "marieke")):
        browser = (
            desk.browser
            if who == desk.user.first_names.lower() or side == face
            else browser_of(cast.users[who])
        )
        assert browser.get(reverse(f"{side}:attachment", args=[attachment.pk])).status_code == 409


# Changes while a user types


def test_closed_dossier_is_explained_and_text_stays(cast: Cast, face: str, kind: str):
    desk = Desk(cast, face, kind)
    change_status(desk.dossier, by=cast.users["marieke"], status=cast.closed)
    answer = desk.press(body="Lang over nagedacht")
    assert answer.status_code == 400
    assert desk.sent() == []
    assert WORDS["closed"][0] in answer.content.decode()
    assert ">\nLang over nagedacht</textarea>" in answer.content.decode()


def test_removed_party_gets_not_found(cast: Cast, kind: str):
    desk = Desk(cast, "client", kind)
    remove_party(cast.parties["sanne"], by=cast.users["marieke"])
    assert desk.press().status_code == 404
    assert desk.sent() == []


def test_removed_party_cannot_be_chosen_and_text_stays(cast: Cast, kind: str):
    desk = Desk(cast, "office", kind)
    remove_party(cast.parties["sanne"], by=cast.users["marieke"])
    answer = desk.press(body="Lang over nagedacht")
    assert answer.status_code == 400
    assert desk.sent() == []
    assert ">\nLang over nagedacht</textarea>" in answer.content.decode()


@pytest.mark.parametrize("how", ["named", "in the form"])
def test_double_click_sends_once(cast: Cast, face: str, kind: str, how: str):
    desk = Desk(cast, face, kind)
    number, file = str(uuid4()), desk.file()
    attached = [
        {"files": [str(file.pk)]} if how == "named" else {"upload": [chosen()]}
        for _click in range(2)
    ]
    answers = [desk.press(submission=number, **more) for more in attached]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert [names(message) for message in desk.sent()] == [["akte.pdf"]]


@pytest.mark.parametrize("changed", ["subject", "body", "files"])
def test_changed_text_after_back_button_can_be_sent_as_new_message(
    cast: Cast, face: str, kind: str, changed: str
):
    desk = Desk(cast, face, kind)
    number, file = str(uuid4()), desk.file()
    desk.press(submission=number)
    other = {"subject": "Nog iets", "body": "Wat anders", "files": [str(file.pk)]}
    answer = desk.press(submission=number, **{changed: other[changed]})
    assert answer.status_code == 400
    assert WORDS["twice"][0] in answer.content.decode()
    assert len(desk.sent()) == 1
    fresh = number_of(answer)
    assert UUID(fresh) != UUID(number)
    assert desk.press(submission=fresh, **{changed: other[changed]}).status_code == 302
    assert len(desk.sent()) == 2


def test_returned_form_keeps_its_submission_id(cast: Cast, face: str, kind: str):
    desk, number = Desk(cast, face, kind), str(uuid4())
    assert number_of(desk.press(submission=number, body="")) == number


@pytest.mark.parametrize("number", ["", "onzin", "\0", "9" * 5000])
def test_malformed_submission_id_still_sends(cast: Cast, face: str, kind: str, number: str):
    desk = Desk(cast, face, kind)
    assert desk.press(submission=number).status_code == 302
    assert len(desk.sent()) == 1


# The draft


def keep(desk: Desk, **more: Any) -> Any:
    said = desk.said(**more)
    if desk.kind == "answer":
        of = desk.cast.messages["sanne" if desk.face == "client" else "asked"]
        said = {"reply_to": str(of.pk)} | said
    path = reverse(f"{desk.face}:draft", args=[desk.dossier.pk])
    return desk.browser.generic("POST", path, multipart(said), MULTIPART_CONTENT)


def test_saved_draft_fills_the_form(cast: Cast, face: str, kind: str):
    desk = Desk(cast, face, kind)
    file, number = desk.file(), str(uuid4())
    answer = keep(desk, submission=number, subject="Half", body="Half af", files=[str(file.pk)])
    assert answer.status_code == 200
    assert sorted(answer.json()) == ["kept", "submission"]
    assert answer.json()["submission"] == number
    page = desk.browser.get(desk.path)
    form = page.context["form"]
    assert form["subject"].value() == "Half"
    assert form["body"].value() == "Half af"
    assert listed(page) == ["akte.pdf"]
    assert number_of(page) == number


def test_two_windows_with_one_draft_send_it_once(cast: Cast, face: str, kind: str):
    desk = Desk(cast, face, kind)
    numbers = [
        keep(desk, submission=str(uuid4()), body="Beste,\nHierbij zend ik").json()["submission"]
        for _window in range(2)
    ]
    assert numbers[0] == numbers[1]
    assert [desk.press(submission=number).status_code for number in numbers] == [302, 302]
    assert len(desk.sent()) == 1


def test_save_of_sent_draft_answers_where_it_is(cast: Cast, face: str, kind: str):
    desk = Desk(cast, face, kind)
    number = keep(desk).json()["submission"]
    desk.press(submission=number)
    answer = keep(desk, submission=number)
    assert answer.status_code == 409
    assert list(answer.json()) == ["sent"]
    assert Draft.objects.count() == 0
    assert desk.browser.get(answer.json()["sent"]).status_code == 200


def test_submission_id_of_another_users_draft_is_not_taken_over(cast: Cast, kind: str):
    theirs = keep(Desk(cast, "client"), body="Van Sanne").json()["submission"]
    desk = Desk(cast, "office", kind)
    mine = keep(desk, submission=theirs, body="Van Marieke").json()["submission"]
    assert mine != theirs
    assert {draft.content["body"] for draft in Draft.objects.all()} == {"Van Sanne", "Van Marieke"}
    desk.press(submission=theirs, discard="1")
    assert Draft.objects.filter(pk=theirs).exists()


@pytest.mark.parametrize(
    "value",
    ["", "onzin", "\0", "{ x }", "' OR 1=1 --", "9" * 5000, "null", "[" * 5000, str(NOWHERE)],
)
@pytest.mark.parametrize(
    "name", ["submission", "reply_to", "files", "parties", "as_office", "subject", "body"]
)
def test_hostile_draft_causes_no_error(cast: Cast, face: str, name: str, value: str):
    desk = Desk(cast, face)
    answer = keep(desk, **{name: value})
    assert answer.status_code == (404 if name == "reply_to" and value else 200)
    page = desk.browser.get(desk.path)
    assert page.status_code == 200
    assert page_errors(page.content.decode()) == []


def test_draft_drops_lone_surrogate_and_nul(cast: Cast, face: str, kind: str):
    desk = Desk(cast, face, kind)
    assert keep(desk, subject=utf8("Ko\0pie"), body=utf8("Bes\ud800te")).status_code == 200
    assert desk.browser.get(desk.path).status_code == 200


def test_draft_of_reply_to_invisible_message_is_not_found(cast: Cast):
    desk = Desk(cast, "client")
    for name in ("emre", "anker", "secret"):
        assert keep(desk, reply_to=str(cast.messages[name].pk)).status_code == 404
    assert Draft.objects.count() == 0


# The session ends


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(
        datetime(2026, 11, 23, 9, tzinfo=timezone.get_fixed_timezone(0)), tick=False
    ) as travelled:
        yield travelled


def log_in(desk: Desk) -> None:
    said = {"email": desk.user.email, "password": PASSWORD, "next": desk.path}
    assert desk.browser.post(reverse(f"{desk.face}:login"), said).headers["Location"] == desk.path


@pytest.mark.parametrize("with_draft", [True, False])
def test_text_and_attachments_are_back_after_login(
    clock: time_machine.Coordinates, cast: Cast, face: str, kind: str, with_draft: bool
):
    desk = Desk(cast, face, kind)
    file = str(desk.file().pk)
    said = desk.said(files=[file], body="Lang over nagedacht", upload=[chosen("nieuw.pdf")])
    if with_draft:
        keep(desk, files=[file], body="Lang over nagedacht")
    clock.shift(current.SESSION_IDLE + timedelta(minutes=1))
    answer = desk.browser.post(
        desk.path, said, headers={"Referer": f"http://testserver{desk.path}"}
    )
    assert answer.status_code == 302
    assert desk.sent() == []
    log_in(desk)
    page = desk.browser.get(desk.path)
    assert page.context["form"]["body"].value() == "Lang over nagedacht"
    assert listed(page) == ["akte.pdf"]
    assert desk.press(files=[file], submission=number_of(page)).status_code == 302
    assert names(desk.sent()[0]) == ["akte.pdf"]


def test_form_without_known_page_keeps_nothing_after_session_end(
    clock: time_machine.Coordinates, cast: Cast, face: str
):
    desk = Desk(cast, face)
    clock.shift(current.SESSION_IDLE + timedelta(minutes=1))
    desk.browser.post(
        desk.path, desk.said(body="Van elders"), headers={"Referer": "https://elders.example.nl/"}
    )
    log_in(desk)
    assert "Van elders" not in desk.browser.get(desk.path).content.decode()
