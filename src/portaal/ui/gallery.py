"""The gallery: every component in its states on one page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.utils import timezone

TEMPLATE = "ui/gallery.html"
LETTER = """Beste mevrouw De Boer,

De verkoper vraagt of de sleuteloverdracht ook op vrijdag 11 december om 15.00 uur kan.

Met vriendelijke groet,
Marieke de Wit"""


@dataclass(frozen=True)
class Word:
    """A label that an office made, as the filter `label` shows it."""

    name_nl: str
    name_en: str = ""
    done_at: datetime | None = None

    def __str__(self) -> str:
        return self.name_nl


@dataclass(frozen=True)
class Status(Word):
    kind: str = ""


@dataclass(frozen=True)
class Notice:
    level_tag: str
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Done:
    done: int
    total: int

    def __str__(self) -> str:
        return f"({self.done}/{self.total})"


@dataclass(frozen=True)
class Letter:
    who: str
    subject: str
    body: str
    incoming: bool = True
    unread: bool = False
    attachments: str = ""


@dataclass(frozen=True)
class File:
    name: str
    size: int = 220_000
    kind_label: str = "pdf"
    is_photo: bool = False
    has_gps: bool = False
    url: str = ""
    pk: str = "6f1c0b52-0000-4000-8000-000000000000"


class SpecimenForm(forms.Form):
    """A form with one field of each kind."""

    name = forms.CharField(label="Naam", help_text="Zoals in uw paspoort.")
    phone = forms.CharField(
        label="Mobiel nummer",
        required=False,
        widget=forms.TextInput(attrs={"class": "width-medium"}),
    )
    password = forms.CharField(
        label="Wachtwoord", widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )
    status = forms.ChoiceField(
        label="Status", choices=[("1", "In behandeling"), ("2", "Afgehandeld")]
    )
    remark = forms.CharField(
        label="Opmerking", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    tab = forms.ChoiceField(
        label="Waar komt het te staan?",
        choices=[("correspondence", "Correspondentie"), ("documents", "Documenten")],
        widget=forms.RadioSelect,
    )
    parties = forms.MultipleChoiceField(
        label="Wie mag het zien?",
        choices=[("1", "Sanne de Boer"), ("2", "Emre Yılmaz")],
        widget=forms.CheckboxSelectMultiple,
    )
    invite = forms.BooleanField(label="Uitnodiging sturen", help_text="Per e-mail, meteen.")


class MessageForm(forms.Form):
    subject = forms.CharField(label="Onderwerp")
    body = forms.CharField(label="Bericht", widget=forms.Textarea(attrs={"rows": 6}))


def specimens() -> dict[str, Any]:
    """Return the gallery's context. The words are examples; components bring their own."""
    now = timezone.now()
    steps = [
        Word(
            "Koopovereenkomst ontvangen",
            "Purchase agreement received",
            done_at=now - timedelta(days=400),
        ),
        Word("Concept akte opgesteld", "Draft deed drawn up", done_at=now),
        Word("Akte ondertekend", "Deed signed"),
        Word("Inschrijving in het kadaster"),
    ]
    return {
        "dossier_statuses": [
            Status("In behandeling", kind="now"),
            Status("Afgehandeld", kind="ok"),
            Status("Vervallen", kind="off"),
        ],
        "whole": SpecimenForm(prefix="heel", initial={"tab": "documents"}),
        "broken": SpecimenForm({"fout-tab": "anders"}, prefix="fout"),
        "specimen_notices": [
            Notice("success", "Opgeslagen."),
            Notice("warning", "De sessie is bijna voorbij."),
            Notice("error", "Dit stuk is ingetrokken."),
            Notice("info", "U leest mee."),
        ],
        "steps": steps,
        "next_step": steps[2],
        "progress": Done(2, 4),
        "nothing": Done(0, 0),
        "tabs": [
            ("Correspondentie", 3, 1),
            ("Documenten", 5, 0),
            ("Door mij aangeleverd", 0, 0),
            ("Berichten", 12, 2),
        ],
        "page_obj": _middle_page(),
        "now": now,
        "octets": 1_400_000,
        **_messages(),
    }


def _messages() -> dict[str, Any]:
    attached = [
        File("Volmacht partner.pdf"),
        File("Hypotheekofferte pagina 1.jpg", 2_300_000, "foto", is_photo=True),
    ]
    return {
        "message_rows": [
            Letter("Marieke de Wit", "Vraag over de sleuteloverdracht", LETTER, unread=True),
            Letter(
                "Lindehof notarissen",
                "Kopie stukken",
                "Beste,\n\nHierbij zend ik de kopie.",
                incoming=False,
                attachments="2",
            ),
        ],
        "draft_form": MessageForm(
            prefix="nieuw",
            initial={"subject": "Kopie stukken", "body": "Beste,\n\nHierbij zend ik "},
        ),
        "near_form": MessageForm(prefix="bijna", initial={"body": "Bijna vol. ".ljust(3_850, "a")}),
        "full_form": MessageForm(prefix="vol", initial={"body": "Vol. ".ljust(4_000, "a")}),
        "answer_form": MessageForm(
            prefix="antwoord", initial={"body": "Beste mevrouw De Boer,\n\n"}
        ),
        "attached": attached,
        "attachment_rules": {
            "accept": ".pdf,.jpg,.jpeg,.png,.heic,.docx",
            "kinds": "Pdf, Word of een foto.",
            "file_max_bytes": 25 * 1024 * 1024,
            "files_max": 20,
        },
        "cards": [
            {"file": attached[0], "state": "", "said": ""},
            {"file": attached[0], "state": "uploading", "said": ""},
            {"file": attached[0], "state": "reconnecting", "said": ""},
            {"file": attached[0], "state": "uploaded", "said": ""},
            {"file": attached[0], "state": "failed", "said": "In dit bestand zit een virus."},
        ],
    }


def _middle_page() -> Page[int]:
    return Paginator(range(30), 10).page(2)
