"""The screens of a client."""

from __future__ import annotations

from playwright.sync_api import FilePayload

from .camera import Camera

LONG = "Wij zien uit naar uw antwoord. " * 20


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
    file = FilePayload(name=f"{'Kopie ' * 12}.pdf", mimeType="", buffer=b"x")
    page.locator("attach-files input[type=file]").set_input_files(file)
    page.locator("attach-files dialog li").first.wait_for()
    camera.snap("client-attachments-chosen")
    page.keyboard.press("Escape")
    page.locator("attach-files dialog").wait_for(state="hidden")
    camera.fill(body="n" * 4001)
    page.get_by_role("alertdialog").wait_for()
    camera.snap("client-message-too-long")
    camera.go(address)
    camera.fill(subject="Over de sleutel", body=LONG)
