"""The screens of the office that are about no single dossier."""

from __future__ import annotations

from pathlib import Path

from .camera import Camera


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
