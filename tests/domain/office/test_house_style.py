"""Administrators set name, logo and colours; a logo that is not a picture is refused."""

from __future__ import annotations

import struct
import zlib

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from tests.domain.files.corpus import chunk
from tests.people import make_cast

from portaal.domain.journal.actors import SYSTEM
from portaal.domain.journal.models import Event
from portaal.domain.office.models import Logo, Office
from portaal.domain.office.validators import LOGO_MAX_BYTES, media_type_of_logo
from portaal.domain.office.verbs import change_logo, set_up

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'viewBox="0 0 9 9">%s</svg>'
)


def png(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * (width + 1) * height)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


INERT = {
    "a drawing": SVG % '<path d="M0 0h9"/>',
    "a drawing with a declaration": '<?xml version="1.0" encoding="UTF-8"?>\n<!-- logo -->\n'
    + SVG % "<title>Logo</title>",
    "a byte order mark": "\ufeff" + SVG % "",
    "a style of its own": SVG % "<style>.a{fill:url(#g)}</style><path class='a'/>",
    "a gradient": SVG % '<linearGradient id="g"/><path fill="url(#g)"/>',
    "a part used twice": SVG % '<g id="a"/><use xlink:href="#a"/>',
    "a picture inside": SVG % '<image href="data:image/png;base64,AAAA"/>',
}
ACTIVE = {
    "a program": SVG % "<script>alert(1)</script>",
    "a handler": SVG % '<path onclick="alert(1)"/>',
    "a handler in capitals": SVG % '<path ONLOAD="alert(1)"/>',
    "a page inside": SVG % "<foreignObject><body/></foreignObject>",
    "a link": SVG % '<a href="https://elsewhere.example.nl/"><path/></a>',
    "a link that runs": SVG % '<a xlink:href="javascript:alert(1)"><path/></a>',
    "a picture from elsewhere": SVG % '<image xlink:href="//elsewhere.example.nl/p.png"/>',
    "a drawing inside": SVG % '<image href="data:image/svg+xml;base64,AAAA"/>',
    "a style from elsewhere": SVG % "<style>@import 'https://elsewhere.example.nl/a.css'</style>",
    "a fill from elsewhere": SVG % '<path fill="url(https://elsewhere.example.nl/a.svg#b)"/>',
    "a fill from elsewhere, quoted": SVG
    % "<path style=\"fill:url( 'https://elsewhere.example.nl/a.svg#b')\"/>",
    "entities": '<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + SVG % "&a;",
}
NO_LOGO = {
    "nothing": "",
    "words": "logo",
    "a page": "<!DOCTYPE html><html><body></body></html>",
    "another xml": "<rss/>",
    "a drawing of no kind": "<svg/>",
    "half a drawing": "<svg xmlns='http://www.w3.org/2000/svg'>",
}


@pytest.mark.parametrize("name", INERT)
def test_inert_svg_is_accepted(name: str) -> None:
    assert media_type_of_logo(INERT[name].encode()) == "image/svg+xml"


@pytest.mark.parametrize("name", ACTIVE)
def test_active_svg_is_refused(name: str) -> None:
    with pytest.raises(
        ValidationError, match="holds a program or asks for something from elsewhere"
    ):
        media_type_of_logo(ACTIVE[name].encode())


@pytest.mark.parametrize("name", NO_LOGO)
def test_content_that_is_no_picture_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="an SVG or a PNG"):
        media_type_of_logo(NO_LOGO[name].encode())


def test_png_is_accepted() -> None:
    assert media_type_of_logo(png(200, 80)) == "image/png"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (png(200, 79), "79 points high"),
        (png(4001, 80), "not whole"),
        (png(200, 80)[:-6], "not whole"),
        (b"\x89PNG\r\n\x1a\n", "not whole"),
        (b"\xff\xd8\xff\xe0 a photo", "an SVG or a PNG"),
        (SVG.encode() + b" " * LOGO_MAX_BYTES, "larger than 200 kB"),
    ],
    ids=["too low", "too wide", "truncated", "signature only", "a photo", "too large"],
)
def test_unsuitable_logo_is_refused_with_its_reason(content: bytes, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        media_type_of_logo(content)


@pytest.mark.django_db
def test_others_than_an_administrator_cannot_set_the_house_style() -> None:
    cast = make_cast()
    for person in ("marieke", "sanne"):
        with pytest.raises(PermissionDenied):
            set_up(by=cast.users[person], name="Van mij")
        with pytest.raises(PermissionDenied):
            change_logo(by=cast.users[person], content=png(80, 80))
    assert Office.current().name == "Lindehof notarissen"
    assert not Logo.objects.exists()


@pytest.mark.django_db
def test_administrator_sets_the_house_style() -> None:
    cast = make_cast()
    set_up(by=cast.users["ina"], name="Kade & Veer notarissen", brand="#7a1f3d")
    with pytest.raises(ValidationError):
        set_up(by=cast.users["ina"], brand="rood")
    office = Office.current()
    assert office.name == "Kade & Veer notarissen"
    assert office.brand == "#7a1f3d"


@pytest.mark.django_db
def test_new_logo_replaces_the_old_one() -> None:
    set_up(by=SYSTEM, name="Lindehof notarissen")
    change_logo(by=SYSTEM, content=png(80, 80))
    logo = change_logo(by=SYSTEM, content=INERT["a drawing"].encode()).logo
    with pytest.raises(ValidationError):
        change_logo(by=SYSTEM, content=b"no picture")
    assert Office.current().logo == logo
    assert list(Logo.objects.values_list("media_type", flat=True)) == ["image/svg+xml"]


@pytest.mark.django_db
def test_empty_content_removes_the_logo_and_records_it_once() -> None:
    set_up(by=SYSTEM, name="Lindehof notarissen")
    change_logo(by=SYSTEM, content=png(80, 80))
    assert change_logo(by=SYSTEM, content=b"").logo is None
    assert not Logo.objects.exists()
    change_logo(by=SYSTEM, content=b"")
    assert Event.objects.filter(verb="office.change_logo").count() == 2


def test_phone_number_cannot_break_over_two_lines() -> None:
    assert Office(phone="030 123 45 67").phone_unbroken == "030\xa0123\xa045\xa067"
