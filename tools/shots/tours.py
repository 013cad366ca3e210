"""The screens of the portal, in the order in which each tour opens them.

Controls are found by addresses and names of fields, which are the same in every language.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from .camera import PASSWORD, Camera

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PDF = b"%PDF-1.7\n" + EICAR + b"\nstartxref\n9\n%%EOF\n"
WRONG, WEAK = "Verkeerd1", "kort"
LONG = "Wij zien uit naar uw antwoord. " * 20


def door(camera: Camera) -> None:
    """Visit the pages before logging in, the error pages, and the gallery."""
    camera.see("door-login", "/inloggen/")
    camera.send("password")
    camera.snap("door-login-empty")
    camera.fill(email="sanne@example.nl", password=WRONG)
    camera.send("password")
    camera.snap("door-login-wrong")
    camera.page.locator("main input[name=csrfmiddlewaretoken]").first.evaluate(
        "input => input.remove()"
    )
    camera.send("password")
    camera.snap("door-error-403")
    for name, address in (("welcome", "/welkom/"), ("password-request", "/wachtwoord/")):
        camera.see(f"door-{name}", address)
        camera.send("email")
        camera.snap(f"door-{name}-empty")
    camera.see("door-password-requested-nothing", "/wachtwoord/verstuurd/")
    _set_password(camera)
    camera.forget()
    camera.see("door-link-dead", "/wachtwoord/niets/")
    camera.see("door-error-404", "/bestaat-niet/")
    camera.see("door-offline", "/offline/")
    camera.see("door-gallery", "/galerij/")
    for number in range(31):
        camera.page.request.get(f"{camera.portal.url}/wachtwoord/niets-{number}/")
    camera.see("door-error-429", "/wachtwoord/niets/")
    camera.go("/wachtwoord/")
    camera.page.locator("main [name=email]").evaluate(HUGE)
    camera.send("email")
    camera.snap("door-error-413")
    camera.see("door-office-login", "/kantoor/inloggen/")
    camera.send("password")
    camera.snap("door-office-login-empty")
    camera.fill(email="marieke@lindehof.example.nl", password=WRONG)
    camera.send("password")
    camera.snap("door-office-login-wrong")
    camera.see("door-office-error-404", "/kantoor/bestaat-niet/")
    camera.portal.work()
    camera.mails("door")


def _set_password(camera: Camera) -> None:
    """Follow the e-mails of a client who was never in (manual 1.1)."""
    camera.go("/welkom/")
    camera.fill(email="nieuw@example.nl")
    camera.send("email")
    camera.snap("door-password-requested")
    camera.portal.work()
    texts = [mail["text"] for mail in camera.portal.mails() if "nieuw@example.nl" in mail["to"]]
    link = re.search(r"http\S+/wachtwoord/\S+", "\n".join(texts))
    assert link
    camera.see("door-password-set", link[0])
    camera.fill(password=WEAK)
    camera.send("password")
    camera.snap("door-password-set-weak")
    camera.fill(password=PASSWORD)
    camera.send("password")
    camera.snap("client-details-first")


def client(camera: Camera) -> None:
    """Visit everything that a client sees."""
    for who in ("smit", "anker", "anker-extra", "vroeger", "emre"):
        camera.log_in(who)
        camera.snap(f"client-home-{who}")
        camera.see(f"client-dossiers-{who}", "/dossiers/")
    camera.log_in("beheer")
    camera.snap("client-home-beheer")
    camera.see("client-dossiers-beheer", "/dossiers/")
    camera.see("client-dossiers-beheer-2", "/dossiers/?page=2")
    _several_dossiers(camera)
    camera.log_in("sanne")
    camera.snap("client-home-sanne")
    camera.go("/dossiers/")
    dossier = camera.page.url.removeprefix(camera.portal.url)
    _client_dossier(camera, "one", dossier)
    _client_messages(camera, dossier)
    camera.see("client-error-404", "/dossiers/00000000-0000-4000-8000-000000000000/")
    camera.go("/mijn-gegevens/")
    camera.page.locator("form[action*=uitloggen]").first.evaluate("form => form.requestSubmit()")
    camera.page.wait_for_url("**/inloggen/**")
    camera.snap("client-logged-out")
    camera.portal.work()
    camera.mails("client")


def _several_dossiers(camera: Camera) -> None:
    camera.log_in("tamar")
    camera.snap("client-home-tamar")
    camera.see("client-dossiers-nothing", "/dossiers/?q=niets")
    camera.see("client-dossiers-found", "/dossiers/?q=Kanaalweg")
    camera.see("client-actions", "/acties/")
    camera.see("client-dossiers", "/dossiers/")
    addresses = [
        camera.link("/dossiers/", text) for text in ("Hypotheek", "Nalatenschap", "Testament")
    ]
    camera.page.locator("summary").first.click()
    camera.snap("client-dossiers-filter")
    camera.page.locator("[name=status]").first.check()
    camera.send("status")
    camera.snap("client-dossiers-filtered")
    for name, address in zip(("mortgage", "estate", "closed"), addresses, strict=True):
        _client_dossier(camera, name, address)
    camera.see("client-details", "/mijn-gegevens/")
    camera.send("documents")
    camera.snap("client-details-saved")


def _client_dossier(camera: Camera, name: str, address: str) -> None:
    camera.see(f"client-dossier-{name}", address)
    for tab in ("documenten", "aangeleverd", "berichten"):
        camera.see(f"client-dossier-{name}-{tab}", f"{address}{tab}/")


def _client_messages(camera: Camera, dossier: str) -> None:
    camera.go(f"{dossier}berichten/")
    received = camera.link("/berichten/", "Welke stukken hebben wij nog nodig?")
    sent = camera.link("/berichten/", "Kopie stukken")
    unread = camera.link("/berichten/", "sleutel")
    camera.see("client-message-received", received)
    camera.see("client-message-sent", sent)
    camera.see("client-message-key", unread)
    for name, address in (("new", f"{dossier}berichten/nieuw/"), ("reply", f"{unread}antwoord/")):
        camera.see(f"client-message-{name}", address)
        camera.fill(subject="")
        camera.send("body")
        camera.snap(f"client-message-{name}-empty")
        camera.fill(subject="Over de sleutel")
        with camera.page.expect_response("**/concept/"):
            camera.fill(body=LONG)
        camera.see(f"client-message-{name}-draft", address)
    camera.see("client-message-with-draft", unread)
    camera.see("client-dossier-one-berichten-drafts", f"{dossier}berichten/")
    _attachments(camera, f"{dossier}berichten/nieuw/")
    camera.send("body")
    camera.snap("client-message-just-sent")
    camera.see("client-dossier-one-aangeleverd-more", f"{dossier}aangeleverd/")


def _attachments(camera: Camera, address: str) -> None:
    """Choose files for a message, up to the form with one file that is to be sent."""
    page = camera.page
    camera.go(address)
    page.locator("attach-files button[type=button]").first.click()
    camera.snap("client-attachments")
    page.locator("attach-files input[type=file]").set_input_files(
        [{"name": f"{'Kopie ' * 12}.pdf", "mimeType": "", "buffer": b"x"}]
    )
    page.locator("attach-files dialog li").first.wait_for()
    camera.snap("client-attachments-chosen")
    page.keyboard.press("Escape")
    page.locator("attach-files dialog").wait_for(state="hidden")
    camera.fill(body="n" * 4001)
    page.get_by_role("alertdialog").wait_for()
    camera.snap("client-message-too-long")
    camera.go(address)
    camera.fill(subject="Over de sleutel", body=LONG)


def office(camera: Camera) -> None:
    """Visit everything of the office that is about one dossier."""
    camera.log_in("marieke", office=True)
    camera.go("/kantoor/?q=Lindelaan")
    dossier = camera.link("/kantoor/dossiers/", "Lindelaan")
    _office_dossier(camera, "purchase", dossier)
    camera.see("office-party-new", f"{dossier}partijen/nieuw/")
    camera.send("role")
    camera.snap("office-party-new-empty")
    camera.see("office-party-new-search", f"{dossier}partijen/nieuw/?q=Visser")
    _office_messages(camera, dossier)
    _quarantine(camera, dossier)
    camera.go("/kantoor/?q=Okafor")
    _office_dossier(camera, "contract", camera.link("/kantoor/dossiers/", "Samenlevings"))
    camera.log_in("fatima", office=True)
    camera.snap("office-home-fatima")
    camera.see("office-waiting", "/kantoor/berichten/")
    camera.go("/kantoor/berichten/")
    camera.see("office-waiting-message", camera.link("/kantoor/berichten/", "verklaring"))
    camera.see("office-waiting-nothing", "/kantoor/berichten/")
    for name, text in (("confidential", "Levenstestament Visser"), ("closed", "Testament Okafor")):
        camera.go(f"/kantoor/?q={text}")
        _office_dossier(camera, name, camera.link("/kantoor/dossiers/", text))
    camera.portal.work()
    camera.mails("office")


def _office_dossier(camera: Camera, name: str, address: str) -> None:
    camera.see(f"office-dossier-{name}", address)
    for part in ("voortgang", "historie", "berichten"):
        camera.see(f"office-dossier-{name}-{part}", f"{address}{part}/")


def _office_messages(camera: Camera, dossier: str) -> None:
    camera.see("office-message-new", f"{dossier}berichten/nieuw/")
    camera.send("body")
    camera.snap("office-message-new-empty")
    camera.go(f"{dossier}berichten/")
    talks = [
        str(link.get_attribute("href"))
        for link in camera.page.locator("main a[href*='/kantoor/berichten/']").all()
    ]
    for number, talk in enumerate(talks, 1):
        camera.see(f"office-conversation-{number}", talk)
    camera.send("body")
    camera.snap("office-conversation-empty")
    camera.page.locator("main [name=standard]").select_option(index=1)
    camera.send("body", insert="1")
    camera.snap("office-conversation-standard")
    with camera.page.expect_response("**/concept/"):
        camera.fill(body=LONG)
    camera.see("office-conversation-draft", talks[-1])
    camera.send("body")
    camera.snap("office-conversation-sent")


def _quarantine(camera: Camera, dossier: str) -> None:
    """Publish a file that the scanner objects to, and open it in each of its states."""
    page = camera.page
    camera.go(dossier)
    camera.send("title")
    camera.snap("office-publish-empty")
    camera.go(dossier)
    file = {"name": "besmet.pdf", "mimeType": "application/pdf", "buffer": PDF}
    page.locator("main [name=file]").set_input_files([file])  # type: ignore[list-item]
    camera.send("title")
    camera.snap("office-publish-kept-file")
    camera.fill(title="Besmet stuk")
    page.locator("main [name=tab]").first.check()
    page.locator("main [name=parties]").first.check()
    camera.send("title")
    camera.snap("office-published-being-checked")
    camera.portal.work()
    camera.see("office-published-quarantined", dossier)
    address = page.locator("form[action*='/publicaties/'][action*='/controle/']").first
    path = str(address.get_attribute("action")).replace("/controle/", "/bestand/")
    with page.expect_navigation():
        page.evaluate("path => { location.href = path }", path)
    camera.snap("office-error-409-file")


def desk(camera: Camera) -> None:
    """Visit the pages of the office that are about no single dossier."""
    camera.log_in("marieke", office=True)
    camera.snap("desk-home")
    camera.see("desk-dossiers-2", "/kantoor/?page=2")
    camera.see("desk-dossiers-nothing", "/kantoor/?q=niets")
    camera.see("desk-waiting", "/kantoor/berichten/")
    camera.see("desk-dossier-new", "/kantoor/dossiers/nieuw/")
    camera.send("number")
    camera.snap("desk-dossier-new-empty")
    _new_dossier(camera)
    camera.see("desk-undelivered", "/kantoor/niet-bezorgd/")
    camera.see("desk-clients", "/kantoor/clienten/")
    camera.see("desk-clients-found", "/kantoor/clienten/?q=Anker")
    camera.see("desk-client-company", camera.link("/kantoor/clienten/", "Anker"))
    camera.see("desk-clients-nothing", "/kantoor/clienten/?q=niets")
    for who in ("Hoekstra", "Mulder"):
        camera.go(f"/kantoor/clienten/?q={who}")
        camera.see(f"desk-client-{who.lower()}", camera.link("/kantoor/clienten/", who))
    camera.see("desk-client-new", "/kantoor/clienten/nieuw/")
    camera.send("surname")
    camera.snap("desk-client-new-empty")
    camera.fill(surname="Zonder", first_names="Petra")
    camera.page.locator("main [name=invite]").first.uncheck()
    camera.send("surname")
    camera.snap("desk-client-new-made")
    _standard_replies(camera)
    camera.see("desk-error-404", "/kantoor/dossiers/00000000-0000-4000-8000-000000000000/")
    _settings(camera)
    camera.portal.work()
    camera.mails("desk")


def _new_dossier(camera: Camera) -> None:
    camera.go("/kantoor/dossiers/nieuw/")
    camera.fill(number="2026.009999", description="Aankoop Proeflaan 1")
    for name in ("type", "status"):
        camera.page.locator(f"main [name={name}]").select_option(index=1)
    camera.send("number")
    camera.snap("desk-dossier-new-parties")
    dossier = camera.page.url.removeprefix(camera.portal.url).replace("partijen/nieuw/", "")
    for name, part in (("papers", ""), ("messages", "berichten/"), ("progress", "voortgang/")):
        camera.see(f"desk-dossier-without-parties-{name}", f"{dossier}{part}")


def _standard_replies(camera: Camera) -> None:
    camera.see("desk-replies", "/kantoor/antwoorden/")
    reply = camera.page.locator("main ul a[href*='/antwoorden/']").first.get_attribute("href")
    camera.see("desk-reply", str(reply))
    camera.see("desk-reply-preview", f"{reply}?dossier=2026.004521")
    camera.see("desk-reply-preview-nothing", f"{reply}?dossier=1")
    camera.see("desk-reply-new", "/kantoor/antwoorden/nieuw/")
    camera.send("body")
    camera.snap("desk-reply-new-empty")
    camera.go("/kantoor/antwoorden/nieuw/")
    submission = camera.page.locator("main [name=submission]").first.input_value()
    for name in ("Groet", "Andere groet"):
        camera.go("/kantoor/antwoorden/nieuw/")
        camera.page.locator("main form:has([name=body]) [name=submission]").first.evaluate(
            "(input, value) => { input.value = value }", submission
        )
        camera.fill(name=name, body="Met vriendelijke groet")
        camera.send("body")
    camera.snap("desk-error-409")
    camera.see("desk-replies-more", "/kantoor/antwoorden/")


def _settings(camera: Camera) -> None:
    camera.see("desk-error-403", "/kantoor/instellingen/")
    camera.log_in("ina", office=True)
    camera.snap("desk-home-ina")
    camera.see("desk-house-style", "/kantoor/instellingen/")
    camera.fill(brand="geen kleur")
    camera.send("brand")
    camera.snap("desk-house-style-wrong")
    logo = Path(__file__).parent / "logo.svg"
    camera.go("/kantoor/instellingen/")
    camera.page.locator("main [name=logo]").set_input_files(logo)
    camera.fill(brand="#14532d")
    camera.send("brand")
    camera.snap("desk-house-style-saved")
    camera.see("desk-facts", "/kantoor/instellingen/kantoor/")
    camera.fill(email="geen adres")
    camera.send("street")
    camera.snap("desk-facts-wrong")
    camera.forget()
    camera.see("desk-login-with-logo", "/inloggen/")


def mail(camera: Camera) -> None:
    """Visit the demonstration mailbox, and one e-mail of each kind."""
    camera.go("/wachtwoord/")
    camera.fill(email="sanne@example.nl")
    camera.send("email")
    camera.portal.work()
    camera.see("mail-index", "/postvak/")
    camera.see("mail-index-2", "/postvak/?page=2")
    seen: list[str] = []
    for message in camera.portal.mails():
        if (subject := message["subject"]) not in seen:
            seen.append(subject)
            camera.see(f"mail-kind-{len(seen)}", f"/postvak/{message['id']}/")
    camera.see("mail-error-404", "/postvak/niets/")
    camera.mails("mail", since="")


HUGE = """field => {
  const body = document.createElement("textarea");
  body.name = "text"; body.hidden = true; body.value = "x".repeat(1200000);
  field.form.append(body); field.value = "sanne@example.nl";
}"""
TOURS: dict[str, Callable[[Camera], None]] = {
    "office": office,
    "client": client,
    "desk": desk,
    "door": door,
    "mail": mail,
}
