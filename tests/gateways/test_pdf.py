from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from portaal.gateways import pdf

AT = datetime(2026, 11, 20, 9, 41, tzinfo=UTC)
OFFICE = {
    "name": "Lindehof notarissen",
    "emblem": "linden",
    "street": "Lindelaan 1",
    "postcode": "3500 AA",
    "city": "Utrecht",
    "phone": "030 123 45 67",
    "email": "info@lindehof.example.nl",
    "web_address": "www.lindehof.example.nl",
    "brand": "#2b3a7d",
    "accent": "#b23a4e",
}
LETTER = {
    "office": OFFICE,
    "title": "Bevestiging van uw opdracht",
    "addressee": ["Mevrouw S. de Boer", "Parklaan 3"],
    "facts": [["Datum", "20 november 2026"]],
    "opening": "Beste mevrouw De Boer,",
    "blocks": [],
    "closing": ["Met vriendelijke groet,"],
}


def read(document: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(document)).pages)


def test_letter_has_its_language_and_title() -> None:
    reader = PdfReader(BytesIO(pdf.render("letter", LETTER, at=AT)))
    assert reader.root_object["/Lang"] == "nl-NL"
    assert reader.metadata.title == "Bevestiging van uw opdracht"


@pytest.mark.parametrize("claim", ["<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"])
def test_letter_claims_to_be_pdf_a_and_pdf_ua(claim: str) -> None:
    reader = PdfReader(BytesIO(pdf.render("letter", LETTER, at=AT)))
    assert claim in reader.xmp_metadata.stream.get_data().decode()


def test_same_letter_gives_the_same_bytes() -> None:
    assert pdf.render("letter", LETTER, at=AT) == pdf.render("letter", LETTER, at=AT)


@pytest.mark.parametrize(
    "text",
    [
        '#import "x.typ"',
        "$x^2$ *a* _b_ @c <d>",
        '#read("/etc/passwd")',
        "\\ ] } #{",
        "Yılmaz Čapek 'é'",
    ],
)
def test_typed_text_is_not_parsed_as_markup(text: str) -> None:
    document = pdf.render("letter", {**LETTER, "blocks": [{"kind": "text", "text": text}]}, at=AT)
    assert text in read(document)


def test_letter_uses_only_our_own_fonts() -> None:
    fonts = {
        font["/BaseFont"].split("+")[1].split("-")[0]
        for page in PdfReader(BytesIO(pdf.render("letter", LETTER, at=AT))).pages
        for font in (each.get_object() for each in page["/Resources"]["/Font"].values())
    }
    assert fonts == {"AtkinsonHyperlegibleNext", "SourceSerif4"}


def test_date_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        pdf.render("letter", LETTER, at=datetime(2026, 11, 20))  # noqa: DTZ001 - tested here
