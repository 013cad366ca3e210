"""Tests of the checks that the test client makes on every page."""

from __future__ import annotations

import pytest
from tests.page import page_errors

GOOD = """<!doctype html><html lang="nl"><head><title>Dossiers</title></head><body><h1>Dossiers</h1>
<form><label for="q">Zoek</label>
<input id="q" name="q" aria-describedby="hint"><span id="hint">Nummer</span>
<label><input type="checkbox" name="status"> Gesloten</label><button>Zoek</button></form>
</body></html>"""


def test_valid_page_passes():
    assert page_errors(GOOD) == []


@pytest.mark.parametrize(
    ("was", "becomes", "fault"),
    [
        ("<h1>Dossiers</h1>", "", "0 headings of the first level"),
        ("<h1>Dossiers</h1>", "<h1>Dossiers</h1><h1>Twee</h1>", "2 headings of the first level"),
        ("<title>Dossiers</title>", "<title> </title>", "no title"),
        ('lang="nl"', "", "lang is ''"),
        ('id="hint"', 'id="q"', "id q is there 2 times"),
        ('id="hint"', "", "aria-describedby points to hint, which is not there"),
        (
            "<h1>Dossiers</h1>",
            '<h1><a href="#r">Dossiers</a></h1>',
            "a points to r, which is not there",
        ),
        ('for="q"', "", "input 'q' has no label"),
        ("<button>Zoek</button>", "<button><svg></svg></button>", "button '' says nothing"),
        ("<form>", '<form style="color:red">', "form has style="),
        ("<form>", '<form onsubmit="go()">', "form has onsubmit="),
        ("</body>", "<script>go()</script></body>", "inline script"),
        ("Gesloten", "{{ status }}", "left over: {{ status }}"),
        ("<form>", '<img src="x"><form>', "img 'x' has no alt"),
    ],
)
def test_fault_is_reported(was, becomes, fault):
    assert fault in page_errors(GOOD.replace(was, becomes))
