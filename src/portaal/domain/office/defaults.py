"""Default statuses, and types of dossier with their progress lists, for a new office."""

TYPES: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "Levering woning": (
        "Transfer of a home",
        [
            ("Koopovereenkomst ontvangen", "Purchase agreement received"),
            ("Cliëntenonderzoek afgerond", "Client due diligence finished"),
            ("Gegevens kadaster gecontroleerd", "Land registry checked"),
            ("Waarborgsom ontvangen", "Deposit received"),
            ("Hypotheekstukken ontvangen", "Mortgage papers received"),
            ("Concept akte opgesteld", "Draft deed drawn up"),
            ("Nota van afrekening klaar", "Completion statement ready"),
            ("Afspraak voor ondertekening", "Appointment for signing"),
            ("Akte ondertekend", "Deed signed"),
            ("Inschrijving in het kadaster", "Entered in the land registry"),
        ],
    ),
    "Hypotheek": (
        "Mortgage",
        [
            ("Opdracht van de geldverstrekker", "Instruction of the lender"),
            ("Aflosnota opgevraagd", "Redemption statement asked for"),
            ("Hypotheekstukken compleet", "Mortgage papers complete"),
            ("Concept hypotheekakte", "Draft mortgage deed"),
            ("Gelden ontvangen", "Funds received"),
            ("Hypotheekakte ondertekend", "Mortgage deed signed"),
            ("Oude lening afgelost", "Old loan repaid"),
        ],
    ),
    "Testament": (
        "Will",
        [
            ("Bespreking", "Meeting"),
            ("Concept verzonden", "Draft sent"),
            ("Akkoord op het concept", "Draft approved"),
            ("Testament getekend", "Will signed"),
            ("Inschrijving Centraal Testamentenregister", "Entered in the register of wills"),
            ("Afschrift verzonden", "Certified copy sent"),
        ],
    ),
    "Levenstestament": (
        "Living will",
        [
            ("Bespreking", "Meeting"),
            ("Concept verzonden", "Draft sent"),
            ("Akkoord op het concept", "Draft approved"),
            ("Levenstestament getekend", "Living will signed"),
            ("Afschriften voor gevolmachtigden", "Copies for the attorneys"),
        ],
    ),
    "Samenlevingscontract": (
        "Cohabitation agreement",
        [
            ("Bespreking", "Meeting"),
            ("Concept verzonden", "Draft sent"),
            ("Akkoord op het concept", "Draft approved"),
            ("Contract getekend", "Agreement signed"),
            ("Afschrift verzonden", "Certified copy sent"),
        ],
    ),
    "Verklaring van erfrecht": (
        "Certificate of inheritance",
        [
            ("Overlijdensakte ontvangen", "Death certificate received"),
            ("Registers geraadpleegd", "Registers consulted"),
            ("Erfgenamen aangeschreven", "Heirs written to"),
            ("Keuze van de erfgenamen", "Choice of the heirs"),
            ("Volmachten retour", "Powers of attorney returned"),
            ("Verklaring afgegeven", "Certificate issued"),
        ],
    ),
    "BV-oprichting": (
        "Incorporation of a company",
        [
            ("Gegevens en naamkeuze", "Details and choice of name"),
            ("Cliëntenonderzoek", "Client due diligence"),
            ("Concept akte en statuten", "Draft deed and articles"),
            ("Akkoord op het concept", "Draft approved"),
            ("Akte ondertekend", "Deed signed"),
            ("Inschrijving handelsregister", "Entered in the trade register"),
            ("Aandeelhoudersregister", "Shareholders' register"),
        ],
    ),
    "Huwelijkse voorwaarden": (
        "Prenuptial agreement",
        [],  # no progress list: 'Voortgang (0/0)'
    ),
}

STATUSES: list[tuple[str, str, str]] = [
    ("In behandeling", "In progress", "in_progress"),
    ("Wacht op cliënt", "Waiting for the client", "in_progress"),
    ("Afgehandeld", "Closed", "closed"),
    ("Vervallen", "Cancelled", "cancelled"),
]
