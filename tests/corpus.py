"""Hostile and honest input of people, each with the value that must be stored."""

from __future__ import annotations

FAMILY = "👨\u200d👩\u200d👧\u200d👦"

# A text of one line, with the stored value; None if it counts as empty.
LINES: dict[str, str | None] = {
    "'s-Gravenhage": "'s-Gravenhage",
    "van 't Hoff": "van 't Hoff",
    "d'Águilar-Ø": "d'Águilar-Ø",
    "X": "X",
    "Jose\u0301": "José",
    "  twee   spaties ": "twee spaties",
    "regel een\r\nregel twee": "regel een regel twee",
    "regel\nterug\rdoor": "regel terug door",
    "een\ttab": "een tab",
    "een\u2028scheiding\u2029": "een scheiding",
    "nul\0teken": "nul teken",
    "klok\a en \x1b[31mrood": "klok en [31mrood",
    "rechn\u202efdp": "rechnfdp",
    "\u2066apart\u2069": "apart",
    "\ufeffmerk": "merk",
    "nul\u200bbreedte": "nulbreedte",
    FAMILY: FAMILY,
    "🇳🇱": "🇳🇱",
    "Z\u0351\u036b\u0350a\u0328lgo": "Z\u0351\u036b\u0350ąlgo",
    "עברית": "עברית",
    "عقد": "عقد",
    "契約": "契約",
    "Здравствуйте": "Здравствуйте",
    "": None,
    "   ": None,
    "\u200b\u200b": None,
    "\u200d": None,
    "\u2800": None,
    "\r\n": None,
    "\u202e\ufeff": None,
    "<b>vet</b>": "<b>vet</b>",
    "Robert'); DROP TABLE dossiers;--": "Robert'); DROP TABLE dossiers;--",
    "' OR 1=1 --": "' OR 1=1 --",
    "{{ settings.SECRET_KEY }}": "{{ settings.SECRET_KEY }}",
    "{% debug %}": "{% debug %}",
    "${7*7} #{7*7} <%= 7*7 %>": "${7*7} #{7*7} <%= 7*7 %>",
    "%s %(name)s %n": "%s %(name)s %n",
    "=HYPERLINK(1)": "=HYPERLINK(1)",
    "@SUM(1)": "@SUM(1)",
    "../../etc/passwd": "../../etc/passwd",
    "Onderwerp\r\nBcc: iedereen@example.nl": "Onderwerp Bcc: iedereen@example.nl",
    "2026-11-24 INFO login ok": "2026-11-24 INFO login ok",
}

# A text of several lines (a message, a canned reply), with the stored value; None if it counts as
# empty. Bidirectional and invisible characters stay: the pages isolate the text instead.
TEXTS: dict[str, str | None] = (
    LINES
    | {line: line for line, kept in LINES.items() if kept is not None}
    | {
        "regel een\r\nregel twee": "regel een\nregel twee",
        "regel\nterug\rdoor": "regel\nterug\ndoor",
        "nul\0teken": "nulteken",
        "Onderwerp\r\nBcc: iedereen@example.nl": "Onderwerp\nBcc: iedereen@example.nl",
        "lang" * 1000: "lang" * 1000,
        "-2+3\n+2\n\t=1+1": "-2+3\n+2\n\t=1+1",
        "[x](javascript:alert(1))": "[x](javascript:alert(1))",
        "\u2028\u2029": None,
    }
)

# The length of each text in UTF-16 units; any line break is one.
UNITS = {
    "a": 1,
    "é": 1,
    "e\u0301": 2,
    "😀": 2,
    FAMILY: 11,
    "🇳🇱": 4,
    "Z\u0351\u036b\u0353\u036a": 5,
    "\r\n": 1,
    "\n": 1,
    "\r": 1,
    "\u2028": 1,
    "\t": 1,
    "\u2066a\u2069": 3,
    "\ufeffa": 2,
}


def text_of(length: int, sign: str) -> str:
    """Return a text of this many UTF-16 units: the sign repeated, and a visible end.

    Without that end a text of line breaks and marks would be blank.
    """
    count, rest = divmod(length - 1, UNITS[sign])
    return sign * count + "x" * (rest + 1)


# Texts that would become markup on a page that does not escape them.
_CALLS = ["alert(1)", "fetch('//example.org')"]
_EVENTS = [
    "onerror",
    "onload",
    "onfocus",
    "onmouseover",
    "ontoggle",
    "onanimationend",
    "onpointerdown",
]
_HTMX = [
    "hx-get=/",
    "hx-on:click=alert(1)",
    "hx-vals=js:alert(1)",
    "data-hx-post=/",
    "hx-trigger=load",
]
MARKUP = [
    *(f"<script>{call}</script>" for call in _CALLS),
    *(f"<img src=x {event}={call}>" for event in _EVENTS for call in _CALLS),
    *(f"<svg {event}={call}>" for event in _EVENTS for call in _CALLS),
    *(f'" autofocus {event}={call} x="' for event in _EVENTS for call in _CALLS),
    *(f"' {event}='{call}" for event in _EVENTS for call in _CALLS),
    *(
        f"<a href='{scheme}:{call}'>x</a>"
        for scheme in ("javascript", "data", "vbscript", "JaVaScRiPt")
        for call in _CALLS
    ),
    *(f"<div {attribute}>x</div>" for attribute in _HTMX),
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "--><script>alert(1)</script><!--",
    "<base href=//example.org>",
    "<meta http-equiv=refresh content='0;url=//example.org'>",
    "<form action=//example.org><button>",
    "<input name=csrfmiddlewaretoken value=x>",
    "<img src='//example.org/?",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<math><mtext></p><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\\u003cscript\\u003ealert(1)",
    "<<script>alert(1)//<</script>",
    "<style>@import'//example.org'</style>",
    "<download-row><template><script>alert(1)</script></template></download-row>",
]

# An e-mail address, with the stored value; None if it is refused.
ADDRESSES: dict[str, str | None] = {
    "sanne@voorbeeld.example.nl": "sanne@voorbeeld.example.nl",
    "Sanne+Notaris@Example.nl": "Sanne+Notaris@Example.nl",
    "o'neill.van-den.berg@example.nl": "o'neill.van-den.berg@example.nl",
    " spatie@example.nl ": "spatie@example.nl",
    "\ufeffmerk@example.nl": "merk@example.nl",
    "\u202akopie@example.nl\u202c": "kopie@example.nl",
    "post@xn--caf-dma.example.nl": "post@xn--caf-dma.example.nl",
    "a" * 64 + "@example.nl": "a" * 64 + "@example.nl",
    "mıke@example.nl": None,
    "ſanne@example.nl": None,
    "\u212aees@example.nl": "Kees@example.nl",  # Unicode defines the kelvin sign as equal to K
    "ｓanne@example.nl": None,
    "раssport@example.nl": None,
    "a@b@example.nl": None,
    "<a@example.nl>": None,
    "Sanne <a@example.nl>": None,
    "a@example.nl, b@example.nl": None,
    "a@example.nl;b@example.nl": None,
    "a@example.nl\r\nBcc: b@example.nl": None,
    "a(commentaar)@example.nl": None,
    "a@example": None,
    "@example.nl": None,
    "a@": None,
    "a b@example.nl": None,
    "a@example.nl.": None,
    "a@-example.nl": None,
    "a" * 250 + "@example.nl": None,
}

# A telephone number, with the stored value; None if it is refused.
PHONES: dict[str, str | None] = {
    "0612345678": "0612345678",
    "06-12345678": "06-12345678",
    "06 12 34 56 78": "06 12 34 56 78",
    "+31612345678": "+31612345678",
    "+31 (0)6 12345678": "+31 (0)6 12345678",
    "\u202a+31612345678\u202c": "+31612345678",
    "+316": None,
    "06": None,
    "٠٦١٢٣٤٥٦٧٨": None,
    "０６１２３４５６７８": None,
    "BEL MIJ NU": None,
    "0612345678 na 18 uur": None,
    "tel:0612345678": None,
    "0" * 30: None,
}
