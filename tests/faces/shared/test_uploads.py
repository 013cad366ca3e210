"""Resumable uploads (tus 1.0): the status and sentence of every response."""

from __future__ import annotations

import errno
from base64 import b64encode
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings as current
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse
from hypothesis import HealthCheck, example, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from tests.domain.files.corpus import jpeg
from tests.domain.files.test_gps import PHOTO
from tests.domain.files.test_names import HARMLESS, HOSTILE
from tests.faces.matrix import browser_of
from tests.page import Writes
from tests.people import PDF, Cast

from portaal.domain.dossiers.verbs import change_status, remove_party
from portaal.domain.files.models import StoredFile, Upload, UploadPart
from portaal.domain.files.verbs import claim
from portaal.domain.identity.verbs import block
from portaal.domain.journal.actors import SYSTEM
from portaal.domain.journal.models import Event, SecurityEvent
from portaal.domain.throttle.limits import LIMITS
from portaal.faces.shared.uploads import tus
from portaal.gateways.blobs import DiskBlobWriter

VERSION = {"Tus-Resumable": "1.0.0"}
KIND = "application/offset+octet-stream"
MANY_EXAMPLES = examples(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(autouse=True)
def _room(settings: Any) -> None:
    settings.FREE_SPACE_MIN = 0


@pytest.fixture
def sanne(cast: Cast) -> Client:
    return browser_of(cast.users["sanne"])


def named(name: str | bytes) -> str:
    return "filename " + b64encode(name if isinstance(name, bytes) else name.encode()).decode()


def create(browser: Client, cast: Cast, *, face: str = "client", **headers: str) -> Any:
    whole = {**VERSION, "Upload-Length": str(len(PDF)), "Upload-Metadata": named("akte.pdf")}
    whole |= {name.replace("_", "-"): value for name, value in headers.items()}
    return browser.post(
        reverse(f"{face}:upload_new", args=[cast.dossiers["purchase"].pk]), headers=whole
    )


def send(
    browser: Client, path: str, piece: bytes, *, at: int | str, kind: str = KIND, **more: Any
) -> Any:
    sent = {
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(piece)),
        **more,
    }  # also for an empty part
    return browser.generic(
        "PATCH", path, piece, headers={**VERSION, "Upload-Offset": str(at)}, **sent
    )


def ask(browser: Client, method: str, path: str) -> Any:
    return browser.generic(method, path, headers=VERSION)


def said(answer: Any) -> tuple[int, str]:
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize(("face", "who"), [("client", "sanne"), ("office", "marieke")])
def test_file_sent_in_parts_waits_for_its_message(cast: Cast, face: str, who: str):
    browser = browser_of(cast.users[who])
    made = create(browser, cast, face=face)
    path = made.headers["Location"]
    assert made.status_code == 201
    assert ask(browser, "HEAD", path).headers["Upload-Offset"] == "0"
    assert send(browser, path, PDF[:10], at=0).headers["Upload-Offset"] == "10"
    how_far = ask(browser, "HEAD", path).headers
    assert how_far["Upload-Offset"] == "10"
    assert how_far["Upload-Length"] == str(len(PDF))
    assert how_far["Cache-Control"] == "no-store"
    assert how_far["Upload-Metadata"] == named("akte.pdf")
    last = send(browser, path, PDF[10:], at=10)
    assert last.status_code == 204
    assert last.headers["Upload-Offset"] == str(len(PDF))
    file = StoredFile.objects.unclaimed_by(
        cast.users[who], cast.dossiers["purchase"].vault_id
    ).get()
    assert b"".join(file.chunks()) == PDF
    assert str(file.pk) in path
    assert (
        Event.objects.filter(object_id=str(file.pk), dossier=cast.dossiers["purchase"].pk).count()
        == 1
    )


@pytest.mark.parametrize(
    ("photo", "header"), [(PHOTO, "1"), (jpeg(64, 48), None)], ids=["gps", "none"]
)
def test_upload_of_photo_with_gps_answers_has_gps(
    cast: Cast, sanne: Client, photo: bytes, header: str | None
):
    made = create(sanne, cast, Upload_Length=str(len(photo)), Upload_Metadata=named("foto.jpg"))
    path = made.headers["Location"]
    answers = [
        send(sanne, path, photo[:100], at=0),
        send(sanne, path, photo[100:], at=100),
        ask(sanne, "HEAD", path),
    ]
    assert [answer.headers.get("Has-Gps") for answer in answers] == [None, header, header]


def test_options_lists_protocol_features(cast: Cast, sanne: Client):
    answer = sanne.options(reverse("client:upload_new", args=[cast.dossiers["purchase"].pk]))
    wanted = {
        "Tus-Version": "1.0.0",
        "Tus-Extension": "creation,termination",
        "Tus-Max-Size": str(25 * 1024 * 1024),
    }
    assert answer.status_code == 204
    assert {name: answer.headers[name] for name in wanted} == wanted


@pytest.mark.parametrize("version", ["", "0.2.2", "1.0.0, 1.0.0", "１.0.0"])
def test_other_protocol_version_is_refused(cast: Cast, sanne: Client, version: str):
    answer = create(sanne, cast, Tus_Resumable=version.encode().decode("latin-1"))
    assert said(answer)[0] == 412
    assert answer.headers["Tus-Version"] == "1.0.0"


LENGTHS = [
    "",
    "-1",
    "+5",
    "5.0",
    "5e3",
    "0x10",
    "١٢",
    "²",
    "5,7",
    " ",
    "9" * 16,
    "9" * 5000,
    "nan",
    "5\x00",
]


@pytest.mark.parametrize("length", LENGTHS, ids=ascii)
def test_length_that_is_no_number_is_refused(cast: Cast, sanne: Client, length: str):
    assert said(create(sanne, cast, Upload_Length=length.encode().decode("latin-1")))[0] == 400


@pytest.mark.parametrize("offset", LENGTHS, ids=ascii)
def test_offset_that_is_no_number_is_refused(cast: Cast, sanne: Client, offset: str):
    path = create(sanne, cast).headers["Location"]
    assert said(send(sanne, path, PDF, at=offset.encode().decode("latin-1")))[0] == 400


METADATA = [
    "",
    "filename",
    "filename ",
    "filename !!!",
    "filename YQ",
    "filename YQ==,filename YQ==",
    "filename  YQ==",
    "naam YQ==",
    named(b"\xff\xfe.pdf"),
    named("a" * 8000 + ".pdf"),
    "filename é",
    "," * 3000,
    "filename YQ== YQ==",
]


@pytest.mark.parametrize("metadata", METADATA, ids=ascii)
def test_unreadable_name_is_refused_with_a_sentence(cast: Cast, sanne: Client, metadata: str):
    status, words = said(create(sanne, cast, Upload_Metadata=metadata))
    assert status == 400
    assert words[:30] == "De naam van dit bestand is nie"


@pytest.mark.parametrize("name", [*filter(None, HOSTILE), *HARMLESS], ids=ascii)
def test_strange_name_is_cleaned(cast: Cast, sanne: Client, name: str):
    answer = create(sanne, cast, Upload_Metadata=named(name.encode("utf-8", "replace")))
    assert answer.status_code == 201
    assert Upload.objects.latest("begun_at").name == HOSTILE.get(name, name)


def latin(text: str) -> str:
    """Encode as a server decodes the header of a request."""
    return text.encode("utf-8", "replace").decode("latin-1")


@MANY_EXAMPLES
@example(length="1", metadata="filename \x00")
@given(length=st.text(max_size=20), metadata=st.text(max_size=60) | st.binary().map(named))
def test_malformed_header_of_new_upload_never_causes_server_error(
    cast: Cast, sanne: Client, length: str, metadata: str
):
    answer = create(sanne, cast, Upload_Length=latin(length), Upload_Metadata=latin(metadata))
    assert answer.status_code < 500


@MANY_EXAMPLES
@example(offset="-0")
@given(offset=st.text(max_size=20))
def test_malformed_offset_never_causes_server_error(cast: Cast, sanne: Client, offset: str):
    path = reverse("client:upload", args=[cast.uploads["sanne"].pk])
    assert send(sanne, path, b"", at=latin(offset)).status_code in (204, 400, 409)


def test_too_large_or_empty_file_is_refused_before_its_body(cast: Cast, sanne: Client):
    assert said(create(sanne, cast, Upload_Length=str(25 * 1024 * 1024 + 1))) == (
        413,
        "“akte.pdf” is groter dan 25 MB. Maak het kleiner of splits het.",
    )
    assert said(create(sanne, cast, Upload_Length="0")) == (
        422,
        "“akte.pdf” is leeg. Kies een ander bestand.",
    )


def test_file_refused_by_content_is_explained_and_deleted(cast: Cast, sanne: Client):
    path = create(sanne, cast).headers["Location"]
    status, words = said(send(sanne, path, b"x" * len(PDF), at=0))
    assert status == 422
    assert words[:26] == "“akte.pdf” heet pdf, maar "
    assert [ask(sanne, method, path).status_code for method in ("HEAD", "DELETE")] == [410, 204]
    assert said(send(sanne, path, b"", at=0)) == (
        410,
        "Dit bestand is er niet meer. Kies het opnieuw.",
    )


def test_sentences_are_in_language_of_user(cast: Cast, sanne: Client):
    cast.users["sanne"].language = "en"
    cast.users["sanne"].save()
    assert said(create(sanne, cast, Upload_Length="0")) == (
        422,
        "“akte.pdf” is empty. Choose another file.",
    )


def test_part_at_wrong_offset_is_refused(cast: Cast, sanne: Client):
    path = create(sanne, cast).headers["Location"]
    send(sanne, path, PDF[:10], at=0)
    assert said(send(sanne, path, PDF[20:], at=20))[0] == 409
    assert said(send(sanne, path, PDF[5:], at=5))[0] == 409
    assert (
        send(sanne, path, PDF[:10], at=0).headers["Upload-Offset"] == "10"
    )  # again, as if its response was lost


def test_part_beyond_announced_length_is_refused_unread(cast: Cast, sanne: Client):
    path = create(sanne, cast).headers["Location"]
    assert said(send(sanne, path, PDF + b"x", at=0))[0] == 400
    assert ask(sanne, "HEAD", path).headers["Upload-Offset"] == "0"


def test_other_content_type_is_refused(cast: Cast, sanne: Client):
    path = create(sanne, cast).headers["Location"]
    kinds = [
        "application/octet-stream",
        "multipart/form-data; boundary=x",
        "",
        "application/x-www-form-urlencoded",
    ]
    assert [said(send(sanne, path, PDF, at=0, kind=kind))[0] for kind in kinds] == [415] * 4
    assert said(send(sanne, path, PDF, at=0, CONTENT_LENGTH=""))[0] == 411
    assert send(sanne, path, PDF, at=0).status_code == 204


class Breaking(BytesIO):
    """A body whose connection breaks after these bytes."""

    def read(self, size: int | None = -1) -> bytes:
        if piece := super().read(size):
            return piece
        raise ConnectionResetError


def test_upload_resumes_after_broken_connection(cast: Cast, sanne: Client):
    path = create(sanne, cast).headers["Location"]
    send(sanne, path, PDF, at=0, **{"wsgi.input": Breaking(PDF[:17])})
    assert ask(sanne, "HEAD", path).headers["Upload-Offset"] == "17"
    assert send(sanne, path, PDF[17:], at=17).status_code == 204
    assert b"".join(StoredFile.objects.get(pk=path.split("/")[-2]).chunks()) == PDF


def test_next_request_completes_interrupted_finish(cast: Cast, sanne: Client):
    path = create(sanne, cast).headers["Location"]
    send(sanne, path, PDF[:10], at=0)
    upload = Upload.objects.get(pk=path.split("/")[-2])
    tus.uploads.append(
        upload, by=cast.users["sanne"], offset=10, chunks=[PDF[10:]]
    )  # as if the process died here
    assert ask(sanne, "HEAD", path).headers["Upload-Offset"] == str(len(PDF))
    assert StoredFile.objects.get(pk=upload.pk).size == len(PDF)


def test_head_of_unfinished_upload_writes_nothing(cast: Cast, sanne: Client):
    path, writes = create(sanne, cast).headers["Location"], Writes()
    with connection.execute_wrapper(writes):
        ask(sanne, "HEAD", path)
    assert writes.tables == set()


@pytest.mark.parametrize("finished", [False, True])
def test_abandoned_upload_is_deleted(cast: Cast, sanne: Client, finished: bool):
    path = create(sanne, cast).headers["Location"]
    send(sanne, path, PDF if finished else PDF[:10], at=0)
    assert [ask(sanne, method, path).status_code for method in ("DELETE", "HEAD", "DELETE")] == [
        204,
        410,
        204,
    ]
    assert StoredFile.objects.filter(pk=path.split("/")[-2]).count() == 0
    assert UploadPart.objects.count() == 0


def test_file_in_use_cannot_be_abandoned(cast: Cast, sanne: Client):
    path = create(sanne, cast).headers["Location"]
    send(sanne, path, PDF, at=0)
    file = StoredFile.objects.get(pk=path.split("/")[-2])
    claim(file, by=cast.users["sanne"], vault=file.vault)
    assert said(ask(sanne, "DELETE", path))[0] == 403
    assert b"".join(file.chunks()) == PDF


OTHERS = [
    ("client", "sanne", ["emre", "ties", "olga", "anker", "granted", "ungranted"]),
    ("office", "marieke", ["joost", "ina"]),
    ("client", "marieke", ["sanne"]),
    ("office", "sanne", ["marieke"]),
]


@pytest.mark.parametrize(("face", "whose", "people"), OTHERS)
def test_upload_of_another_user_is_not_found(cast: Cast, face: str, whose: str, people: list[str]):
    path, nowhere = (
        reverse(f"{face}:upload", args=[pk])
        for pk in (cast.uploads[whose].pk, "00000000-0000-0000-0000-000000000001")
    )
    for person in people:
        browser = browser_of(cast.users[person])
        for method in ("HEAD", "DELETE", "PATCH"):
            looks = [
                send(browser, to, PDF, at=0) if method == "PATCH" else ask(browser, method, to)
                for to in (path, nowhere)
            ]
            assert [said(look)[0] for look in looks] == [404, 404]
            assert looks[0].content == looks[1].content
    assert Upload.objects.open().filter(pk=cast.uploads[whose].pk, offset=0).exists()


def test_closed_dossier_accepts_no_upload(cast: Cast, sanne: Client):
    path = create(sanne, cast).headers["Location"]
    send(sanne, path, PDF[:10], at=0)
    change_status(cast.dossiers["purchase"], by=cast.users["marieke"], status=cast.closed)
    words = "Dit dossier is afgesloten: er kunnen geen bestanden meer bij."
    for answer in (send(sanne, path, PDF[10:], at=10), create(sanne, cast)):
        assert said(answer) == (403, words)
    assert said(create(browser_of(cast.users["marieke"]), cast, face="office")) == (403, words)
    assert ask(sanne, "HEAD", path).status_code == 403
    assert StoredFile.objects.filter(pk=path.split("/")[-2]).count() == 0
    assert (
        SecurityEvent.objects.filter(kind="faces.forbidden", actor=cast.users["sanne"]).count() == 3
    )


def test_removed_party_can_upload_no_more(cast: Cast, sanne: Client):
    path = create(sanne, cast).headers["Location"]
    send(sanne, path, PDF[:10], at=0)
    remove_party(cast.parties["sanne"], by=cast.users["marieke"])
    status, words = said(send(sanne, path, PDF[10:], at=10))
    assert status == 403
    assert words[:46] == "U kunt geen bestanden meer toevoegen aan dit d"
    assert said(create(sanne, cast))[0] == 404
    assert Upload.objects.get(pk=path.split("/")[-2]).offset == 10
    assert ask(sanne, "DELETE", path).status_code == 204  # a user may still delete their own upload


def test_reader_without_write_access_cannot_upload(cast: Cast):
    cast.parties["sanne"].access = "reader"
    cast.parties["sanne"].save()
    assert said(create(browser_of(cast.users["sanne"]), cast))[0] == 403


def test_logged_out_user_gets_a_sentence(cast: Cast, sanne: Client):
    path = create(sanne, cast).headers["Location"]
    block(cast.users["sanne"], by=SYSTEM)
    words = "U bent uitgelogd. Log opnieuw in en kies het bestand nog eens."
    for answer in (
        send(sanne, path, PDF, at=0),
        create(Client(), cast),
        ask(Client(), "DELETE", path),
    ):
        assert said(answer) == (401, words)


def test_changing_request_needs_csrf_token(cast: Cast):
    browser = browser_of(cast.users["sanne"], enforce_csrf_checks=True)
    path = reverse("client:upload", args=[cast.uploads["sanne"].pk])
    refused = [create(browser, cast), send(browser, path, PDF, at=0), ask(browser, "DELETE", path)]
    assert [said(answer)[0] for answer in refused] == [403] * 3
    browser.cookies[current.CSRF_COOKIE_NAME] = token = "a" * 32
    headers = {**VERSION, "Upload-Offset": "0", "X-CSRFToken": token}
    assert (
        browser.generic("PATCH", path, PDF, content_type=KIND, headers=headers).status_code == 204
    )


def test_exceeded_quota_answers_when_to_retry(cast: Cast, sanne: Client, settings: Any):
    settings.UPLOAD_DAY_BYTES = 2 * 1024 * 1024
    answer = create(sanne, cast, Upload_Length=str(2 * 1024 * 1024))
    status, words = said(answer)
    assert status == 429
    assert words[:48] == "Per dag kunt u niet meer dan 2 MB versturen. Ver"
    assert 0 < int(answer.headers["Retry-After"]) <= 86400


def test_too_many_new_uploads_are_refused(
    cast: Cast, sanne: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(LIMITS["upload"], "key", [(1, 3600)])
    assert create(sanne, cast).status_code == 201
    answer = create(sanne, cast)
    assert said(answer)[0] == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_full_disk_is_explained(cast: Cast, sanne: Client, settings: Any):
    path = create(sanne, cast).headers["Location"]
    settings.FREE_SPACE_MIN = 10**18
    for answer in (create(sanne, cast), send(sanne, path, PDF, at=0)):
        status, words = said(answer)
        assert status == 507
        assert words[:50] == "Er is op dit moment geen ruimte voor bestanden. Pr"


@pytest.mark.parametrize(("number", "status"), [(errno.ENOSPC, 507), (errno.EIO, 503)])
def test_failing_disk_is_explained_and_nothing_is_stored(
    cast: Cast,
    sanne: Client,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    status: int,
):
    path = create(sanne, cast).headers["Location"]
    with monkeypatch.context() as broken:

        def fails(writer: DiskBlobWriter) -> None:
            raise OSError(number, "no")

        broken.setattr(DiskBlobWriter, "commit", fails)
        answer = send(sanne, path, PDF[:10], at=0)
    assert said(answer)[0] == status
    assert int(answer.headers["Retry-After"]) > 0
    assert ask(sanne, "HEAD", path).headers["Upload-Offset"] == "0"
    assert list((settings.FILES_DIR / "tmp").iterdir()) == []
    assert send(sanne, path, PDF, at=0).status_code == 204


def test_callbacks_get_the_file_when_stored_and_before_delete(cast: Cast):
    """Messages use `on_stored` to add the file to a draft and `before_delete` to remove it."""
    taken, dropped, user = list[StoredFile](), list[StoredFile](), cast.users["sanne"]
    upload, dossier = Upload.objects.get(pk=cast.uploads["sanne"].pk), cast.dossiers["purchase"]
    made = RequestFactory().generic(
        "PATCH", "/", PDF, content_type=KIND, headers={**VERSION, "Upload-Offset": "0"}
    )
    made.user = user
    tus.go_on(made, upload, dossier, on_stored=taken.append, before_delete=dropped.append)
    gone = RequestFactory().delete("/", headers=VERSION)
    gone.user = user
    tus.go_on(gone, upload, dossier, on_stored=taken.append, before_delete=dropped.append)
    assert [[file.pk for file in files] for files in (taken, dropped)] == [[upload.pk]] * 2
    assert StoredFile.objects.filter(pk=upload.pk).count() == 0
