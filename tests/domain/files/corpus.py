"""Hostile and strange files, each with its expected verdict.

All of them are made here, and are the same in each run. A verdict is 'clean', 'refused <reason>'
(by the web process, from the first and last bytes) or 'quarantined <reason>' (by the worker; a
StoredFile.Reason).
"""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import NamedTuple

from portaal.gateways.scanner.standin import EICAR

CHANCE = random.Random(20261125)
DATE = (2026, 11, 25, 9, 0, 0)


class Case(NamedTuple):
    name: str
    content: bytes
    verdict: str


# PDF documents


def pdf(*objects: bytes, trailer: bytes = b"", version: bytes = b"1.7") -> bytes:
    body = b"\n".join(
        b"%d 0 obj\n%s\nendobj" % (number, each) for number, each in enumerate(objects, 1)
    )
    return (
        b"%PDF-"
        + version
        + b"\n"
        + body
        + b"\ntrailer <</Size 9/Root 1 0 R"
        + trailer
        + b">>\nstartxref\n9\n%%EOF\n"
    )


def stream(
    content: bytes, dictionary: bytes = b"/Filter/FlateDecode", *, packed: bytes | None = None
) -> bytes:
    data = zlib.compress(content) if packed is None else packed
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (dictionary, len(data), data)


def objects(
    content: bytes, filters: bytes = b"/Filter/FlateDecode", *, packed: bytes | None = None
) -> bytes:
    return stream(content, b"/Type/ObjStm/N 1/First 4" + filters, packed=packed)


CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
SCRIPT = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"
JAVA = {"A.class": b"x"}
NOISE = CHANCE.randbytes(200_000)
PLAIN = pdf(CATALOGUE, b"<</Type/Pages/Kids[]/Count 0>>", stream(NOISE))


def bytes_of_zip(
    entries: Mapping[str, bytes], *, stored: bool = False, remark: bytes = b""
) -> bytes:
    out, method = io.BytesIO(), zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name, DATE), content, method)
        archive.comment = remark
    return out.getvalue()


PDFS = [
    Case("plain.pdf", PLAIN, "clean"),
    Case("PLAIN.PDF", PLAIN, "clean"),
    Case("2.0.pdf", pdf(CATALOGUE, version=b"2.0"), "clean"),
    Case(
        "form.pdf",
        pdf(b"<</Type/Catalog/AcroForm<</Fields[3 0 R]>>>>", b"<</FT/Tx/T(naam)>>"),
        "clean",
    ),
    Case(
        "signed.pdf",
        pdf(CATALOGUE, b"<</Type/Sig/Filter/Adobe.PPKLite/ByteRange[0 9 9 9]/Contents<00>>>"),
        "clean",
    ),
    Case("shadow.pdf", PLAIN + pdf(b"(een andere tekst)")[9:], "clean"),
    Case(
        "10000 pages.pdf",
        pdf(CATALOGUE, b"<</Type/Pages/Kids[%s]>>" % (b"3 0 R " * 10_000)),
        "clean",
    ),
    Case("recursive.pdf", pdf(CATALOGUE, b"<</Type/Pages/Kids[2 0 R]/Count 99999999>>"), "clean"),
    Case("broken xref.pdf", PLAIN.replace(b"startxref\n9", b"startxref\n99999999"), "clean"),
    Case(
        "link to a file.pdf", pdf(CATALOGUE, b"<</S/URI/URI(file:///etc/passwd)>>"), "clean"
    ),  # allowed: the viewer asks first
    Case("goto.pdf", pdf(CATALOGUE, b"<</S/GoToR/F(ander.pdf)>>"), "clean"),
    Case("packed.pdf", pdf(objects(b"1 0 <</Type/Pages>>"), CATALOGUE), "clean"),
    Case(
        "outlines.pdf",
        pdf(b"<</Type/Outlines/First 4 0 R>>", stream(b"", b"/Filter/DCTDecode", packed=NOISE)),
        "clean",
    ),
    Case("script.pdf", pdf(b"<</Type/Catalog/OpenAction 2 0 R>>", SCRIPT), "quarantined active"),
    Case(
        "script by name.pdf",
        pdf(b"<</Type/Catalog/Names<</JavaScript 2 0 R>>>>"),
        "quarantined active",
    ),
    Case(
        "script at a page.pdf",
        pdf(CATALOGUE, b"<</Type/Page/AA<</O " + SCRIPT + b">>>>"),
        "quarantined active",
    ),
    Case(
        "script at a note.pdf",
        pdf(CATALOGUE, b"<</Type/Annot/A " + SCRIPT + b">>"),
        "quarantined active",
    ),
    Case(
        "script escaped.pdf",
        pdf(b"<</OpenAction<</S/J#61v#61#53cript/JS(1)>>>>"),
        "quarantined active",
    ),
    Case("script packed.pdf", pdf(CATALOGUE, objects(b"2 0 " + SCRIPT)), "quarantined active"),
    Case(
        "script packed far on.pdf",
        pdf(CATALOGUE, stream(NOISE), objects(b"2 0 " + b" " * 400_000 + SCRIPT)),
        "quarantined active",
    ),
    Case(
        "script packed, escaped.pdf",
        pdf(objects(b"2 0 " + SCRIPT).replace(b"/First", b"/F#69rst")),
        "quarantined active",
    ),
    Case("xfa.pdf", pdf(b"<</Type/Catalog/AcroForm<</XFA 3 0 R>>>>"), "quarantined active"),
    Case("launch.pdf", pdf(b"<</OpenAction<</S/Launch/F(cmd.exe)>>>>"), "quarantined active"),
    Case(
        "embedded.pdf",
        pdf(CATALOGUE, b"<</Type/EmbeddedFile/Length 2>>\nstream\nMZ\nendstream"),
        "quarantined enclosed",
    ),
    Case(
        "embedded by name.pdf", pdf(b"<</Names<</EmbeddedFiles 3 0 R>>>>"), "quarantined enclosed"
    ),
    Case("user password.pdf", pdf(CATALOGUE, trailer=b"/Encrypt 5 0 R"), "quarantined encrypted"),
    Case(
        "owner password.pdf",
        pdf(CATALOGUE, objects(b"", packed=NOISE), trailer=b"/Encrypt<</P -44>>"),
        "quarantined encrypted",
    ),
    Case("bomb.pdf", pdf(CATALOGUE, objects(bytes(201 * 1024 * 1024))), "quarantined too_much"),
    Case(
        "packed otherwise.pdf",
        pdf(objects(SCRIPT, b"/Filter[/ASCIIHexDecode/FlateDecode]")),
        "quarantined damaged",
    ),
    Case(
        "predicted.pdf",
        pdf(objects(SCRIPT, b"/Filter/FlateDecode/DecodeParms<</Predictor 12>>")),
        "quarantined damaged",
    ),
    Case("packed badly.pdf", pdf(objects(b"", packed=b"\x78\x9cgeen zlib")), "quarantined damaged"),
    Case(
        "packed out of sight.pdf",
        pdf(objects(SCRIPT, b"/Filter/FlateDecode" + b" " * 9000)),
        "quarantined damaged",
    ),
    Case("at 1000.pdf", b" " * 1000 + PLAIN, "refused other"),
    Case("page inside.pdf", b"%PDF-1.7\n<html><script>alert(1)</script>" + PLAIN, "refused other"),
    Case("zip behind.pdf", PLAIN + bytes_of_zip(JAVA) + b"startxref %%EOF", "refused other"),
    Case(
        "zip far behind.pdf",
        PLAIN + bytes_of_zip(JAVA, remark=b" " * 4000 + PLAIN[-20:]),
        "quarantined mixed",
    ),
    Case("cut off.pdf", PLAIN[:-200], "refused damaged"),
    Case("one byte.pdf", b"%", "refused other"),
    Case("empty.pdf", b"", "refused empty"),
]


# Pictures


def jpeg(width: int, height: int, *parts: bytes, end: bytes = b"") -> bytes:
    header = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    frame = (
        b"\xff\xc2\x00\x11\x08"
        + struct.pack(">HH", height, width)
        + b"\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01"
    )
    return (
        header
        + b"".join(parts)
        + frame
        + b"\xff\xda\x00\x02"
        + NOISE[:5000].replace(b"\xff", b"")
        + b"\xff\xd9"
        + end
    )


def segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def chunk(name: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content))
    )


def png(width: int, height: int, *chunks: bytes, bits: int = 8) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + header
        + b"".join(chunks)
        + chunk(b"IDAT", zlib.compress(b"\0"))
        + chunk(b"IEND", b"")
    )


def tiff(*pages: tuple[int, int], order: str = "<", following: int | None = None) -> bytes:
    out, at = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", 8), 8
    for number, (width, height) in enumerate(pages, 1):
        at += 2 + 24 + 4
        after = at if number < len(pages) else (following or 0)
        tags = struct.pack(f"{order}HHII", 256, 4, 1, width) + struct.pack(
            f"{order}HHII", 257, 4, 1, height
        )
        out += struct.pack(f"{order}H", 2) + tags + struct.pack(f"{order}I", after)
    return out


def box(name: bytes, *content: bytes) -> bytes:
    return struct.pack(">I", 8 + sum(map(len, content))) + name + b"".join(content)


def heic(width: int, height: int, *, brand: bytes = b"heic", rest: bytes = b"") -> bytes:
    size = box(b"ispe", bytes(4), struct.pack(">II", width, height))
    meta = box(b"meta", bytes(4), box(b"iprp", box(b"ipco", size)))
    return (
        box(b"ftyp", brand, bytes(4), b"mif1", b"heic") + meta + box(b"mdat", NOISE[:5000]) + rest
    )


BOMB = zlib.compress(bytes(50_000_000))
PICTURES = [
    Case("photo.jpg", jpeg(4000, 3000), "clean"),
    Case("photo.JPEG", jpeg(4000, 3000), "clean"),
    Case(
        "place.jpg", jpeg(4000, 3000, segment(0xE1, b"Exif\0\0MM\0*GPSLatitude")), "clean"
    ),  # allowed: photos are evidence
    Case("cmyk.jpg", jpeg(400, 300, segment(0xEE, b"Adobe\0d\0\0\0\0\2")), "clean"),
    Case("large parts.jpg", jpeg(400, 300, *[segment(0xE2, NOISE[:60_000])] * 12), "clean"),
    Case("moving.jpg", jpeg(400, 300, end=b"x" * 9000 + b"stco" + b"x" * 100), "clean"),
    Case("flood.jpg", jpeg(65_000, 65_000), "quarantined too_much"),
    Case("no size.jpg", b"\xff\xd8\xff\xda\x00\x02x\xff\xd9", "quarantined damaged"),
    Case("no height.jpg", jpeg(400, 0), "quarantined damaged"),
    Case("cut off.jpg", jpeg(4000, 3000)[:-900], "refused damaged"),
    Case(
        "page in a remark.jpg",
        jpeg(400, 300, segment(0xFE, b"<script>alert(1)</script>")),
        "refused other",
    ),
    Case("java.jpg", jpeg(400, 300, end=bytes_of_zip(JAVA)), "refused other"),
    Case(
        "java far on.jpg",
        jpeg(400, 300, end=bytes_of_zip(JAVA, remark=b"\xff\xd9" * 2000)),
        "quarantined mixed",
    ),
    Case("gifar.jpg", b"GIF89a" + bytes_of_zip(JAVA), "refused other"),
    Case("document.jpg", PLAIN, "refused other"),
    Case("page.jpg", b"<!DOCTYPE html><html></html>", "refused other"),
    Case("photo.pdf", jpeg(400, 300), "refused other"),
    Case("scan.png", png(2000, 3000), "clean"),
    Case("moves.png", png(200, 300, chunk(b"acTL", struct.pack(">II", 9, 0))), "clean"),
    Case(
        "text bomb.png", png(200, 300, chunk(b"zTXt", b"a\0\0" + BOMB)), "clean"
    ),  # allowed: nothing here unpacks it
    Case("profile bomb.png", png(200, 300, chunk(b"iCCP", b"a\0\0" + BOMB)), "clean"),
    Case("script behind.png", png(200, 300) + b"x" * 3000, "refused damaged"),
    Case(
        "script in it.png",
        png(200, 300, chunk(b"tEXt", b"a\0<script>alert(1)</script>")),
        "refused other",
    ),
    Case("long.png", png(1, 100_000_000), "quarantined too_much"),
    Case("flood.png", png(50_000, 50_000, bits=1), "quarantined too_much"),
    Case("flat.png", png(0, 5), "quarantined damaged"),
    Case("50 million.png", png(5_000, 10_000), "clean"),
    Case("50 million and some.png", png(5_000, 10_001), "quarantined too_much"),
    Case("pages.tif", tiff(*[(2480, 3508)] * 40), "clean"),
    Case("motorola.tiff", tiff((2480, 3508), (10, 10), order=">"), "clean"),
    Case("flood on page 2.tif", tiff((10, 10), (60_000, 60_000)), "quarantined too_much"),
    Case("endless.tif", tiff((10, 10), (10, 10), following=8), "quarantined damaged"),
    Case("points outside.tif", tiff((10, 10), following=999_999), "quarantined damaged"),
    Case("too many pages.tif", tiff(*[(10, 10)] * 2_001), "quarantined too_much"),
    Case("no page.tif", b"II*\0" + bytes(8), "quarantined damaged"),
    Case("big.tif", b"II+\0" + bytes(100), "refused other"),
    Case("photo.heic", heic(4032, 3024), "clean"),
    Case("photo.heif", heic(4032, 3024, brand=b"mif1"), "clean"),
    Case("flood.heic", heic(60_000, 60_000), "quarantined too_much"),
    Case("cut off.heic", heic(4032, 3024)[:-900], "quarantined damaged"),
    Case(
        "no size.heic",
        box(b"ftyp", b"heic", bytes(4), b"heic") + box(b"mdat", b"x"),
        "quarantined damaged",
    ),
    Case(
        "film.heic", box(b"ftyp", b"isom", bytes(4), b"mp42") + box(b"mdat", b"x"), "refused other"
    ),
    Case("avif.heic", box(b"ftyp", b"avif", bytes(4), b"mif1"), "refused other"),
]


# Office documents

TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"


def types(main: str) -> bytes:
    override = f'<Override PartName="/a.xml" ContentType="{main}"/>'
    return f'<?xml version="1.0"?><Types xmlns="{TYPES}">{override}</Types>'.encode()


def relation(kind: str, target: str, *, mode: str = "External") -> bytes:
    one = f'<Relationship Id="r1" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="{mode}"/>'
    return f'<?xml version="1.0"?><Relationships xmlns="{RELATIONS}">{one}</Relationships>'.encode()


TEXT = b"<w:document>" + NOISE[:4000].hex().encode() + b"</w:document>"


def docx(
    entries: Mapping[str, bytes] | None = None, *, main: str = WORD, stored: bool = False
) -> bytes:
    parts = {
        "[Content_Types].xml": types(main),
        "_rels/.rels": relation("officeDocument", "word/document.xml", mode="Internal"),
    }
    return bytes_of_zip(parts | {"word/document.xml": TEXT} | dict(entries or {}), stored=stored)


def xlsx(formula: bytes = b"1+1") -> bytes:
    return bytes_of_zip(
        {
            "[Content_Types].xml": types(SHEET),
            "xl/worksheets/sheet1.xml": b"<c><f>" + formula + b"</f></c>" + TEXT,
        }
    )


MANIFEST = b'<?xml version="1.0"?><manifest:manifest xmlns:manifest="m">%s</manifest:manifest>'


def odf(
    kind: str = "text", entries: Mapping[str, bytes] | None = None, *, manifest: bytes = b""
) -> bytes:
    head = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(),
        "META-INF/manifest.xml": MANIFEST % manifest,
    }
    return bytes_of_zip(head | {"content.xml": TEXT} | dict(entries or {}))


def related(kind: str, target: str) -> bytes:
    return docx({"word/_rels/document.xml.rels": relation(kind, target)})


def with_entry(entry: zipfile.ZipInfo, content: bytes = b"x") -> bytes:
    out = io.BytesIO(docx())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(entry, content)
    return out.getvalue()


def symlink() -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("word/link", DATE)
    entry.create_system, entry.external_attr = 3, 0o120777 << 16
    return entry


def with_flag(content: bytes) -> bytes:
    """Set the flag for encryption on every entry."""
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        parts = content.split(mark)
        content = mark.join(
            [parts[0], *[part[: at - 4] + b"\x01" + part[at - 3 :] for part in parts[1:]]]
        )
    return content


def overlapping(times: int) -> bytes:
    """Return a zip whose directory names the same packed bytes many times (Fifield's bomb)."""
    whole = docx({"word/media/image1.bin": bytes(1_000_000)})
    at = whole.rindex(b"PK\x05\x06")
    begin = struct.unpack("<I", whole[at + 16 : at + 20])[0]
    directory = whole[begin:at]
    last = directory[directory.rindex(b"PK\x01\x02") :]
    more = b"".join(last.replace(b"image1.bin", b"imag%06d" % number) for number in range(times))
    return whole[:begin] + directory + more + end_of_zip(4 + times, len(directory + more), begin)


def end_of_zip(entries: int, length: int, begin: int) -> bytes:
    return struct.pack("<4s4xHHIIH", b"PK\x05\x06", entries, entries, length, begin, 0)


def lying() -> bytes:
    """Return a zip whose directory says that the largest entry has ten bytes."""
    whole = docx()
    at = whole.rindex(b"PK\x01\x02")
    return whole[: at + 24] + struct.pack("<I", 10) + whole[at + 28 :]


def straddling(mark: bytes, boundary: int, before: int) -> bytes:
    """Return a good document with the last `mark` `before` bytes before this offset."""
    entries = {"docProps/app.xml": b"<a/>", "docProps/core.xml": b"<a/>"}
    filling = boundary - before - docx(entries, stored=True).rindex(mark)
    return docx(entries | {"docProps/app.xml": b"<a/>" + b" " * filling}, stored=True)


def zip64() -> bytes:
    whole = docx()
    return whole[:-6] + b"\xff\xff\xff\xff" + whole[-2:]


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
ENTITY = b'<?xml version="1.0"?><!DOCTYPE Types [<!ENTITY a "b">]>'
LOCAL_HEADER, DIRECTORY_HEADER = b"PK\x03\x04", b"PK\x01\x02"
# A reader that ends each answer with its segment of 64 KiB gives zipfile less than it asked for.
STRADDLING = [
    Case(f"over {boundary} {label} {before}.docx", straddling(mark, boundary, before), "clean")
    for boundary in (65_536, 131_072)
    for label, mark in (("header", LOCAL_HEADER), ("directory", DIRECTORY_HEADER))
    for before in (1, 4, 21)
]
DOCUMENTS = [
    *STRADDLING,
    Case("brief.docx", docx(), "clean"),
    Case("sommen.xlsx", xlsx(), "clean"),
    Case("brief.odt", odf(), "clean"),
    Case("sommen.ods", odf("spreadsheet"), "clean"),
    Case("link.docx", related("hyperlink", "https://www.example.nl/"), "clean"),
    Case(
        "own template.docx",
        related("attachedTemplate", "file:///C:\\Sjablonen\\Brief.dotx"),
        "clean",
    ),
    Case(
        "webservice.xlsx", xlsx(b"WEBSERVICE(&quot;http://example.nl&quot;)"), "clean"
    ),  # allowed: the viewer asks first
    Case(
        "dde.docx", docx({"word/footer.xml": b"<w:instrText>DDEAUTO cmd</w:instrText>"}), "clean"
    ),  # allowed: the program asks first
    Case("macros.docx", docx({"word/vbaProject.bin": OLE}), "quarantined macros"),
    Case("was docm.docx", docx(main=MACRO), "quarantined macros"),
    Case("activex.docx", docx({"word/activeX/activeX1.xml": b"<a/>"}), "quarantined macros"),
    Case("basic.odt", odf(entries={"Basic/Standard/Module1.xml": b"<m/>"}), "quarantined macros"),
    Case("script.odt", odf(entries={"Scripts/python/a.py": b"x"}), "quarantined macros"),
    Case(
        "calls.odt",
        odf(entries={"styles.xml": b" " * 65_530 + b'"vnd.sun.star.script:A.B"'}),
        "quarantined macros",
    ),
    Case(
        "remote template.docx",
        related("attachedTemplate", "http://example.nl/a.dotm"),
        "quarantined outside",
    ),
    Case(
        "remote template, escaped.docx",
        related("attachedTemplate", "&#104;ttps://example.nl/a.dotm"),
        "quarantined outside",
    ),
    Case(
        "share.docx",
        related("attachedTemplate", "file://\\\\server\\share\\a.dotm"),
        "quarantined outside",
    ),
    Case("remote picture.docx", related("image", "http://example.nl/1.png"), "quarantined outside"),
    Case("remote object.docx", related("oleObject", "http://example.nl/a"), "quarantined outside"),
    Case("object.docx", docx({"word/embeddings/oleObject1.bin": OLE}), "quarantined enclosed"),
    Case("chart.docx", docx({"word/embeddings/Sheet1.xlsx": xlsx()}), "quarantined enclosed"),
    Case(
        "zips in zips.docx",
        docx({"a.bin": bytes_of_zip({"b.zip": bytes_of_zip({"c": bytes(1000)})})}),
        "quarantined enclosed",
    ),
    Case("program.docx", docx({"word/media/image1.png": b"MZ\x90"}), "quarantined enclosed"),
    Case("locked.docx", with_flag(docx()), "quarantined encrypted"),
    Case("locked.odt", odf(manifest=b"<manifest:encryption-data/>"), "quarantined encrypted"),
    Case("locked by word.docx", OLE, "refused other"),
    Case("bomb.docx", docx({"word/a.xml": bytes(100_000_000)}), "quarantined too_much"),
    Case("bomb in text.odt", odf(entries={"a.xml": bytes(100_000_000)}), "quarantined too_much"),
    Case("overlapping.docx", overlapping(50), "quarantined too_much"),
    Case("overlapping little.docx", overlapping(2), "quarantined too_much"),
    Case("many.docx", docx({f"a{number}": b"" for number in range(2_000)}), "quarantined too_much"),
    Case("65535.docx", docx()[:-14] + b"\xff\xff\xff\xff" + docx()[-10:], "quarantined too_much"),
    Case("zip64.docx", zip64(), "quarantined too_much"),
    Case("lying.docx", lying(), "quarantined damaged"),
    Case("slip.docx", docx({"../../evil.exe": b"x"}), "quarantined mixed"),
    Case("slip windows.docx", docx({"word\\..\\evil": b"x"}), "quarantined mixed"),
    Case("absolute.docx", docx({"/etc/passwd": b"x"}), "quarantined mixed"),
    Case("symlink.docx", with_entry(symlink(), b"/etc/passwd"), "quarantined mixed"),
    Case(
        "both.docx",
        docx({"mimetype": b"application/vnd.oasis.opendocument.text"}),
        "quarantined mixed",
    ),
    Case("both.odt", odf(entries={"[Content_Types].xml": types(WORD)}), "quarantined mixed"),
    Case(
        "something before the directory.docx",
        docx()[:-22] + b"xx" + docx()[-22:],
        "quarantined mixed",
    ),
    Case("something behind.docx", docx() + b"xx", "quarantined mixed"),
    Case("sheet.docx", xlsx(), "quarantined unlike"),
    Case("letter.xlsx", docx(), "quarantined unlike"),
    Case("letter.ods", odf(), "quarantined unlike"),
    Case("archive.docx", bytes_of_zip({"a.txt": b"x"}), "quarantined unlike"),
    Case("archive.odt", bytes_of_zip({"a.txt": b"x"}), "quarantined unlike"),
    Case(
        "entities.docx",
        bytes_of_zip({"[Content_Types].xml": ENTITY + types(WORD)[21:]}),
        "quarantined damaged",
    ),
    Case("no xml.docx", bytes_of_zip({"[Content_Types].xml": b"<<"}), "quarantined damaged"),
    Case("cut off.docx", docx()[:-100], "refused damaged"),
    Case("eicar.docx", docx({"word/a.txt": EICAR}, stored=True), "quarantined found"),
    Case("letter.rtf", b"{\\rtf1{\\object\\objdata 01}}", "refused kind"),
    Case("archive.zip", bytes_of_zip({"a": b"x"}), "refused kind"),
    Case("macros.docm", docx(main=MACRO), "refused kind"),
]


# Text, and files that only look like text

TEXTS = [
    Case("tekst.txt", "Geachte mevrouw,\r\n\r\nEén vraag: 1 < 2?\r\n".encode(), "clean"),
    Case("one byte.txt", b"a", "clean"),
    Case("windows.txt", "Eén vraag over € 5".encode("cp1252"), "clean"),
    Case("utf-16.txt", "Eén vraag".encode("utf-16"), "clean"),
    Case("long.txt", "é€😀 ".encode() * 20_000, "clean"),
    Case("mail.txt", b"From: Jan <jan@example.nl>\n\nHallo", "clean"),
    Case("formula.txt", b"=cmd|'/C calc'!A0", "clean"),
    Case("page.txt", b"<html><body>x", "refused other"),
    Case("script.txt", b"hallo <SCRIPT src=//example.nl>", "refused other"),
    Case("script at the end.txt", b"a" * 9000 + b"<script>", "refused other"),
    Case("script halfway.txt", b"a" * 70_000 + b"< script >" + b"a" * 70_000, "quarantined mixed"),
    Case(
        "script across.txt", b"a" * (65_536 - 4) + b"<script>" + b"a" * 70_000, "quarantined mixed"
    ),
    Case("bom.txt", b"\xef\xbb\xbf<!doctype html>", "refused other"),
    Case("utf-16 page.txt", "<script>alert(1)</script>".encode("utf-16"), "refused other"),
    Case(
        "utf-16 page halfway.txt",
        ("a" * 9000 + "<script>" + "a" * 9000).encode("utf-16"),
        "quarantined mixed",
    ),
    Case("utf-7.txt", b"+ADw-script+AD4-alert(1)", "refused other"),
    Case("php.txt", b"<?php system($_GET[1]);", "refused other"),
    Case("drawing.txt", b"<svg onload=alert(1)>", "refused other"),
    Case("program.txt", b"MZ\x90\0\3\0\0\0", "refused other"),
    Case("zeros.txt", bytes(1000), "refused other"),
    Case("random.txt", NOISE, "refused other"),
    Case("document.txt", PLAIN, "refused other"),
    Case("eicar.txt", EICAR, "quarantined found"),
    Case("eicar, half of it.txt", EICAR[:34], "clean"),
    Case("eicar, the other half.txt", EICAR[34:], "clean"),
    Case("eicar in base64.html", b"<a href=data:;base64,WDVPIVAl>", "refused kind"),
    *[
        Case(f"random.{ending}", NOISE, "refused other")
        for ending in ("pdf", "jpg", "png", "heic", "tif", "docx", "ods")
    ],
    *[
        Case(f"zeros.{ending}", bytes(70_000), "refused other")
        for ending in ("pdf", "jpg", "png", "heic", "tif", "docx", "ods")
    ],
]
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
OTHERS = [
    Case(name, content, "refused kind")
    for name, content in {
        "a.svg": SVG,
        "a.xml": b"<?xml version='1.0'?><a/>",
        "a.xhtml": SVG,
        "a.html": b"<p>",
        "a.mhtml": b"MIME-Version: 1.0",
        "a.exe": b"MZ",
        "a.pdf.exe": PLAIN,
        "a.lnk": b"L",
        "a.iso": b"CD001",
        "a.js": b"alert(1)",
        "a.vbs": b"x",
        "a.doc": OLE,
        "a.xlsm": xlsx(),
        "a.gif": b"GIF89a",
        "a.webp": b"RIFF",
        "a": PLAIN,
        "pdf": PLAIN,
        "a.csv": b"=1+1",
        "a.jar": b"PK",
        "a.dotx": docx(),
    }.items()
]

CASES = PDFS + PICTURES + DOCUMENTS + TEXTS + OTHERS
