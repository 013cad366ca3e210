"""Names of files: safe to show and to save, whatever the sender calls them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portaal.domain.files.names import NAME_MAX, clean_name
from portaal.domain.files.sealing import IncomingFile

HOSTILE = {
    "../../etc/passwd": "passwd",
    "..\\..\\x.pdf": "x.pdf",
    "....//x": "x",
    "/abs.pdf": "abs.pdf",
    "C:\\x.pdf": "x.pdf",
    "\\\\host\\share\\x.pdf": "x.pdf",
    "a\0b.pdf": "ab.pdf",
    "x.pdf\r\nSet-Cookie: a=b": "x.pdfSet-Coo",
    'a";filename="b.exe': "a;filename=b.exe",
    "a.pdf;.exe": "a.pdf;.exe",
    "passport.pdf.exe": "passport.pdf.exe",
    "x.pdf .": "x.pdf",
    "x.pdf::$DATA": "x.pdf$DATA",
    "CON.pdf": "_CON.pdf",
    "NUL": "_NUL",
    "LPT1.docx": "_LPT1.docx",
    ".htaccess": "htaccess",
    ".": "document",
    "..": "document",
    "": "document",
    "   ": "document",
    "/": "document",
    "map/": "document",
    "\u202e": "document",
    "rechn\u202efdp.exe": "rechnfdp.exe",
    "\u2066a\u2069.pdf": "a.pdf",
    "a\u200bb\ufeff.pdf": "ab.pdf",
    "e\u0301.pdf": "\u00e9.pdf",
    "a\u2028b\u00a0c.pdf": "a b c.pdf",
    "<img src=x onerror=alert(1)>.pdf": "img src=x onerror=alert(1).pdf",
    "a|b?.pdf": "ab.pdf",
    "\ud800.pdf": "pdf",
    "'s-Gravenhage akte.PDF": "'s-Gravenhage akte.PDF",
    "паспорт.pdf": "паспорт.pdf",
    "..%5c..%5cx.pdf": "%5c..%5cx.pdf",
    "..././x.pdf": "x.pdf",
    "/etc/passwd\x00.pdf": "passwd.pdf",
    "\\\\?\\C:\\x.pdf": "x.pdf",
    "file:///etc/passwd.pdf": "passwd.pdf",
    "C:x.pdf": "Cx.pdf",
    "~/.ssh/id.pdf": "id.pdf",
    "x.pdf\nX: y": "x.pdfX y",
    "x.pdf\r": "x.pdf",
    "\tx.pdf": "x.pdf",
    "x\x7f.pdf": "x.pdf",
    "x\x1b[31m.pdf": "x[31m.pdf",
    "x.pdf%0d%0aSet-Cookie: a": "x.pdf%0d%0aS",
    "a'; filename*=UTF-8''b.exe": "a'; filename=UTF-8''b.exe",
    'a.pdf"; filename="b.exe': "a.pdf; filename=b.exe",
    "=?utf-8?B?YS5leGU=?=.pdf": "=utf-8BYS5leGU==.pdf",
    "x.pdf..": "x.pdf",
    "x .pdf": "x.pdf",
    ".pdf": "pdf",
    "..pdf": "pdf",
    "x.": "x",
    "a.pdf/": "document",
    "a.pdf\\": "document",
    "a/./b/../c.pdf": "c.pdf",
    "PRN.txt": "_PRN.txt",
    "aux.docx": "_aux.docx",
    "com1.pdf": "_com1.pdf",
    "LPT9": "_LPT9",
    "Con.pdf": "_Con.pdf",
    "con .pdf": "_con.pdf",
    "nul.tar.gz": "_nul.tar.gz",
    "COM0.pdf": "_COM0.pdf",
    ".DS_Store": "DS_Store",
    ".user.ini": "user.ini",
    "a\u202eb\u202c.pdf": "ab.pdf",
    "\u202egpj.exe": "gpj.exe",
    "a\u200d.pdf": "a.pdf",
    "\ufeffa.pdf": "a.pdf",
    "a\xad.pdf": "a.pdf",
    "a\u061c.pdf": "a.pdf",
    "a\u2060b.pdf": "ab.pdf",
    "a\U000e0041.pdf": "a.pdf",
    "a\u2003b.pdf": "a b.pdf",
    "a\u3000b.pdf": "a b.pdf",
    "re\u0301sume\u0301.pdf": "r\xe9sum\xe9.pdf",
    "A\u030a.pdf": "\xc5.pdf",
    "\u212b.pdf": "\xc5.pdf",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467.pdf": "\U0001f468\U0001f469\U0001f467.pdf",
    '{"a":1}.pdf': "{a1}.pdf",
    "${jndi:ldap://x}.pdf": "x}.pdf",
    "#{7*7}.pdf": "#{77}.pdf",
    '"; DROP TABLE': "; DROP TABLE",
    "javascript:alert(1).pdf": "javascriptalert(1).pdf",
    "<script>.pdf": "script.pdf",
    '"><img>.pdf': "img.pdf",
    "*.pdf": "pdf",
    "\U0010ffff.pdf": "pdf",
    "\ue000.pdf": "pdf",
    "a.pdf\u202e": "a.pdf",
    "passport.pdf .exe": "passport.pdf.exe",
}
HARMLESS = [
    "akte.pdf",
    "％2e％2e.pdf",
    "%2e%2e%2fx.pdf",
    "{{7+7}}.pdf",
    "$(id).pdf",
    "`id`.pdf",
    "-rf.pdf",
    "%s%n.pdf",
    "ﬁle.pdf",
    "a%00.pdf",
    "x. pdf",
    "x..pdf",
    "a.tar.gz",
    "a.PDF.pdf",
    "CONIN$.pdf",
    "desktop.ini",
    "web.config",
    "index.php",
    "\u0440\u0430ssport.pdf",
    "r\xe9sum\xe9.pdf",
    "\xdf.pdf",
    "\u0130.pdf",
    "\u0131.pdf",
    "\u05e9\u05dc\u05d5\u05dd.pdf",
    "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35.pdf",
    "\U0001f1f3\U0001f1f1.pdf",
    "Z\u0351\u036b\u0313a\u0334.pdf",
    "[a].pdf",
    "{%debug%}.pdf",
    "' OR 1=1--.pdf",
    "--help.pdf",
    "a&amp;b.pdf",
    "@SUM(1).pdf",
    "+1.pdf",
    "a\u2215b.pdf",
    "a\u29f8b.pdf",
    "akte (1).pdf",
    "akte.pdf (1)",
    "a.jpeg",
    "a.JPG",
    "عقد.pdf",
    "契約.pdf",
    "😀.pdf",
    "．．／x.pdf",
    "=cmd'!A0.pdf",
]


def test_at_least_120_names_are_tested() -> None:
    assert len(HOSTILE) + len(HARMLESS) >= 120


def test_files_with_the_same_clean_name_are_stored_apart() -> None:
    """Store under random ids, so neither file overwrites the other."""
    assert clean_name("a?.pdf") == clean_name("a|.pdf")
    one, other = IncomingFile("a?.pdf", 10), IncomingFile("a|.pdf", 10)
    one.abort()
    other.abort()
    assert one.id != other.id


@pytest.mark.parametrize(("name", "clean"), HOSTILE.items(), ids=ascii)
def test_hostile_name_becomes_harmless(name: str, clean: str) -> None:
    assert clean_name(name) == clean


@pytest.mark.parametrize("name", HARMLESS, ids=ascii)
def test_strange_but_harmless_name_is_kept(name: str) -> None:
    assert clean_name(name) == name


@pytest.mark.parametrize(
    "name", ["a" * 1000 + ".pdf", "😀" * 300 + ".pdf", "a" * 145 + "  ." + "pdf"]
)
def test_long_name_is_cut_before_its_extension(name: str) -> None:
    assert clean_name(name).endswith(".pdf")
    assert len(clean_name(name)) <= NAME_MAX


TEXT = st.text(st.characters(), max_size=300) | st.text(
    './\\ \0\r\n:*"<>|?\u202e\u200d\u0301eCON1pdf', max_size=30
)


@example("a.bbbbbbbbb ccc")
@example("e\u200d\u0301.pdf")
@example("con.")
@given(TEXT)
def test_every_clean_name_is_safe_to_show_and_to_save(name: str) -> None:
    clean = clean_name(name)
    assert clean
    assert len(clean) <= NAME_MAX
    assert not set(clean) & set('/\\<>:"|?*')
    assert not [
        c for c in clean if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    ]
    assert clean == clean.strip(" .")
    assert clean == unicodedata.normalize("NFC", clean)
    assert clean.encode()


@example("con.")
@example("a.bbbbbbbbb ccc")
@given(TEXT)
def test_clean_name_is_not_changed_again(name: str) -> None:
    assert clean_name(clean_name(name)) == clean_name(name)
