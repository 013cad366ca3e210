"""The manager sets name, logo and colours; what is no plain picture is refused with words."""

from __future__ import annotations

import struct
import zlib

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from tests.people import make_cast

from portaal.domain.journal.actors import SYSTEM
from portaal.domain.journal.models import Event
from portaal.domain.office.models import Logo, Office
from portaal.domain.office.validators import LOGO_MAX_BYTES, media_type_of_logo
from portaal.domain.office.verbs import change_logo, set_up

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">%s</svg>'


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * (width + 1) * height)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


PLAIN = {
    "a drawing": SVG % '<path d="M0 0h9"/>',
    "a drawing with a declaration": '<?xml version="1.0" encoding="UTF-8"?>\n<!-- logo -->\n'
    + SVG % "<title>Logo</title>",
    "a byte order mark": "\ufeff" + SVG % "",
    "a style of its own": SVG % "<style>.a{fill:url(#g)}</style><path class='a'/>",
    "a gradient": SVG % '<linearGradient id="g"/><path fill="url(#g)"/>',
    "a part used twice": SVG % '<g id="a"/><use xlink:href="#a"/>',
    "a picture inside": SVG % '<image href="data:image/png;base64,AAAA"/>',
}
ALIVE = {
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
OTHER = {
    "nothing": "",
    "words": "logo",
    "a page": "<!DOCTYPE html><html><body></body></html>",
    "another xml": "<rss/>",
    "a drawing of no kind": "<svg/>",
    "half a drawing": "<svg xmlns='http://www.w3.org/2000/svg'>",
}


@pytest.mark.parametrize("name", PLAIN)
def test_a_plain_drawing_is_a_logo(name: str) -> None:
    assert media_type_of_logo(PLAIN[name].encode()) == "image/svg+xml"


@pytest.mark.parametrize("name", ALIVE)
def test_a_drawing_that_does_something_is_none(name: str) -> None:
    with pytest.raises(
        ValidationError, match="holds a program or asks for something from elsewhere"
    ):
        media_type_of_logo(ALIVE[name].encode())


@pytest.mark.parametrize("name", OTHER)
def test_anything_else_is_none(name: str) -> None:
    with pytest.raises(ValidationError, match="an SVG or a PNG"):
        media_type_of_logo(OTHER[name].encode())


def test_a_png_is_whole_high_enough_and_small_enough() -> None:
    assert media_type_of_logo(png(200, 80)) == "image/png"
    for content, words in (
        (png(200, 79), "79 points high"),
        (png(4001, 80), "not whole"),
        (png(200, 80)[:-6], "not whole"),
        (b"\x89PNG\r\n\x1a\n", "not whole"),
        (b"\xff\xd8\xff\xe0 a photo", "an SVG or a PNG"),
        (SVG.encode() + b" " * LOGO_MAX_BYTES, "larger than 200 kB"),
    ):
        with pytest.raises(ValidationError, match=words):
            media_type_of_logo(content)


@pytest.mark.django_db
def test_the_manager_alone_sets_the_house_style() -> None:
    cast = make_cast()
    for name in ("marieke", "sanne"):
        with pytest.raises(PermissionDenied):
            set_up(by=cast.users[name], name="Van mij")
        with pytest.raises(PermissionDenied):
            change_logo(by=cast.users[name], content=png(80, 80))
    assert (Office.current().name, Logo.objects.count()) == ("Lindehof notarissen", 0)
    set_up(by=cast.users["ina"], name="Kade & Veer notarissen", brand="#7a1f3d")
    with pytest.raises(ValidationError):
        set_up(by=cast.users["ina"], brand="rood")
    office = Office.current()
    assert (office.name, office.brand) == ("Kade & Veer notarissen", "#7a1f3d")


@pytest.mark.django_db
def test_one_logo_at_a_time() -> None:
    set_up(by=SYSTEM, name="Lindehof notarissen")
    first = change_logo(by=SYSTEM, content=png(80, 80)).logo
    second = change_logo(by=SYSTEM, content=PLAIN["a drawing"].encode()).logo
    assert (
        list(Logo.objects.values_list("pk", "media_type"))
        == [(second.pk, "image/svg+xml")]
        != [(first.pk, "image/png")]
    )
    with pytest.raises(ValidationError):
        change_logo(by=SYSTEM, content=b"no picture")
    assert Office.current().logo_id == second.pk
    assert change_logo(by=SYSTEM, content=b"").logo is None and not Logo.objects.exists()
    change_logo(by=SYSTEM, content=b"")
    assert Event.objects.filter(verb="office.change_logo").count() == 3


def test_a_phone_number_is_shown_without_a_place_to_break():
    assert Office(phone="030 123 45 67").phone_unbroken == "030\xa0123\xa045\xa067"
