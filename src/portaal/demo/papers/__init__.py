"""Letters, e-mails and draft deeds of the demo, as PDFs. Everyone in them is invented."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from string import Template
from typing import Any, TypedDict
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from portaal.gateways import pdf

TEXTS = Path(__file__).parent / "texts"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
TABS = {"letter": "correspondence", "email": "correspondence", "deed": "documents"}
DAYS_TO_SIGNING = 21
FRIDAY = 4


class Data(TypedDict, total=False):
    """Values of a paper's placeholders, `$object` and `$partner` of some texts included."""

    office: Mapping[str, str]  # the fields of office.Office that a letterhead shows
    at: datetime
    number: str
    handler: str  # "Marieke de Wit"
    client: str  # as in "Beste mevrouw De Boer"
    client_full: str  # "mevrouw Sanne de Boer"
    address: list[str]  # ["Parklaan 3", "3581 KA Utrecht"]
    object: str
    partner: str


@dataclass(frozen=True)
class Paper:
    """A text with its title, layout, type of dossier and further placeholders (`words`)."""

    name: str
    title: str
    heading: str
    layout: str
    dossier_type: str
    words: Mapping[str, str]
    text: str

    @property
    def tab(self) -> str:
        return TABS[self.layout]

    @property
    def kind(self) -> str:
        return "document" if self.layout == "deed" else self.layout


def make_paper(kind: str, data: Data) -> bytes:
    """Return the PDF of a paper; the same data gives the same bytes."""
    paper = PAPERS[kind]
    words = {**_dates(data["at"]), **paper.words}
    words |= {name: value for name, value in data.items() if isinstance(value, str)}
    words |= {
        "office": data["office"]["name"],
        "phone": data["office"]["phone"],
        "city": data["office"]["city"],
    }
    content = {
        "office": dict(data["office"]),
        "title": paper.title,
        "blocks": _blocks(Template(paper.text).substitute(words)),
        **_LAID_OUT[paper.layout](paper, words, data.get("address", [])),
    }
    return pdf.render(paper.layout, content, at=data["at"])


def _dates(at: datetime) -> dict[str, str]:
    local = at.astimezone(AMSTERDAM)
    signing = local + timedelta(days=DAYS_TO_SIGNING)
    while signing.weekday() > FRIDAY:
        signing += timedelta(days=1)
    return {
        "date": format_date(local, "d MMMM y", locale="nl"),
        "time": format_time(local, "H.mm 'uur'", tzinfo=AMSTERDAM, locale="nl"),
        "appointment": f"{format_date(signing, 'EEEE d MMMM y', locale='nl')} om 14.00 uur",
        "year": str(local.year),
    }


def _letter(paper: Paper, words: Mapping[str, str], address: list[str]) -> dict[str, Any]:
    return {
        "title": paper.heading,
        "addressee": [_capital(words["client_full"]), *address],
        "facts": [
            ["Datum", words["date"]],
            ["Ons nummer", words["number"]],
            ["Behandelaar", words["handler"]],
        ],
        "opening": f"Beste {words['client']},",
        "closing": ["Met vriendelijke groet,", "", words["handler"], words["office"]],
    }


def _email(paper: Paper, words: Mapping[str, str], address: list[str]) -> dict[str, Any]:
    return {
        "subject": paper.heading,
        "head": [
            ["Van", f"{words['handler']}, {words['office']}"],
            ["Aan", _capital(words["client_full"])],
            ["Verstuurd", f"{words['date']}, {words['time']}"],
            ["Dossier", words["number"]],
        ],
        "opening": f"Beste {words['client']},",
        "closing": ["Met vriendelijke groet,", "", words["handler"], words["office"]],
    }


def _deed(paper: Paper, words: Mapping[str, str], address: list[str]) -> dict[str, Any]:
    facts = [
        ["Concept van", words["date"]],
        ["Dossier", words["number"]],
        ["Behandelaar", words["handler"]],
    ]
    return {"heading": paper.heading, "facts": facts}


_LAID_OUT = {"letter": _letter, "email": _email, "deed": _deed}


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _blocks(text: str) -> list[dict[str, Any]]:
    """Return the blocks of a text, which empty lines separate.

    `## ` begins a heading; lines with `- ` or `1. ` are a list.
    """
    blocks: list[dict[str, Any]] = []
    for part in text.strip().split("\n\n"):
        lines = [line.strip() for line in part.splitlines()]
        if part.startswith("## "):
            blocks.append({"kind": "heading", "text": part[3:]})
        elif part.startswith("- "):
            blocks.append({"kind": "items", "items": [line[2:] for line in lines]})
        elif part.startswith("1. "):
            blocks.append({"kind": "numbers", "items": [line.split(". ", 1)[1] for line in lines]})
        else:
            blocks.append({"kind": "text", "text": " ".join(lines)})
    return blocks


def _read(path: Path) -> Paper:
    """Read a text: `name: value` lines first; unknown names are placeholders of its own."""
    head, text = path.read_text(encoding="utf-8").split("\n\n", 1)
    values = dict(line.split(": ", 1) for line in head.splitlines())
    title, heading, layout, dossier_type = (
        values.pop(name) for name in ("title", "heading", "layout", "type")
    )
    return Paper(path.stem, title, heading, layout, dossier_type, values, text)


PAPERS = {path.stem: _read(path) for path in sorted(TEXTS.glob("*.txt"))}
