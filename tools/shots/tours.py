"""The screens of the portal, in the order in which each tour opens them.

Controls are found by addresses and names of fields, which are the same in every language.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from .camera import PASSWORD, Camera
from .client import client
from .desk import desk
from .office import office

WRONG, WEAK = "Verkeerd1", "kort"


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
