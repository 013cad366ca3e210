"""The screens of one dossier at the office."""

from __future__ import annotations

from playwright.sync_api import FilePayload

from .camera import Camera

LONG = "Wij zien uit naar uw antwoord. " * 20
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PDF = b"%PDF-1.7\n" + EICAR + b"\nstartxref\n9\n%%EOF\n"


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
    file = FilePayload(name="besmet.pdf", mimeType="application/pdf", buffer=PDF)
    page.locator("main [name=file]").set_input_files(file)
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
