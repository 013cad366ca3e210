"""Whatever a file is called by its sender, its name here is fit to show and to save (security.md D1)."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portaal.domain.files.receipt import NAME_MAX, clean_name

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
}
HARMLESS = [
    "akte.pdf", "％2e％2e.pdf", "%2e%2e%2fx.pdf", "{{7+7}}.pdf", "$(id).pdf", "`id`.pdf", "-rf.pdf", "%s%n.pdf", "ﬁle.pdf",
    "عقد.pdf", "契約.pdf", "😀.pdf", "．．／x.pdf", "=cmd'!A0.pdf",
]  # fmt: skip


@pytest.mark.parametrize(("name", "clean"), HOSTILE.items(), ids=ascii)
def test_a_hostile_name_becomes_harmless(name: str, clean: str) -> None:
    assert clean_name(name) == clean


@pytest.mark.parametrize("name", HARMLESS, ids=ascii)
def test_a_strange_but_harmless_name_stays(name: str) -> None:
    assert clean_name(name) == name


@pytest.mark.parametrize("name", ["a" * 1000 + ".pdf", "😀" * 300 + ".pdf", "a" * 145 + "  ." + "pdf"])
def test_a_long_name_is_cut_before_its_ending(name: str) -> None:
    assert (clean_name(name)[-4:], len(clean_name(name)) <= NAME_MAX) == (".pdf", True)


TEXT = st.text(st.characters(), max_size=300) | st.text('./\\ \0\r\n:*"<>|?\u202e\u200d\u0301eCON1pdf', max_size=30)


@example("a.bbbbbbbbb ccc")
@example("e\u200d\u0301.pdf")
@example("con.")
@given(TEXT)
def test_every_name_is_fit_to_show_and_to_save(name: str) -> None:
    clean = clean_name(name)
    assert clean
    assert len(clean) <= NAME_MAX
    assert not set(clean) & set('/\\<>:"|?*')
    assert not [c for c in clean if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")]
    assert clean == clean.strip(" .")
    assert clean == unicodedata.normalize("NFC", clean)
    assert clean.encode()


@example("con.")
@example("a.bbbbbbbbb ccc")
@given(TEXT)
def test_a_clean_name_stays_as_it_is(name: str) -> None:
    assert clean_name(clean_name(name)) == clean_name(name)
