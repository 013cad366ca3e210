"""One browser that takes the pictures of a tour and saves the HTML of each page as served."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Response, sync_playwright

from .portal import SERVED, Portal

CHROMIUM = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--font-render-hinting=none", "--disable-lcd-text", "--force-color-profile=srgb"),
    # Draw every tile afresh: what a tile kept of an earlier size can differ by one shade.
    *("--disable-partial-raster", "--disable-checker-imaging", "--num-raster-threads=1"),
]
EXECUTABLE = shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
SIZES = {1280: 900, 390: 844}
PASSWORD = "Lindebloesem7"  # noqa: S105 - printed on the login page of a demonstration
# Wait for the elements that scripts define, the fonts, and one more frame.
# Hide the number of an error and the token in a link.
AT_REST = """async () => {
  const open = [...document.querySelectorAll(":not(:defined)")];
  const defined = open.map((one) => customElements.whenDefined(one.localName));
  await Promise.race([Promise.all(defined), new Promise((done) => setTimeout(done, 2000))]);
  await document.fonts.ready;
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    const hidden = text.data.replace(/(num(?:mer|ber)) [0-9a-f]{8}\\b/, "$1 00000000")
      .replace(/(wachtwoord[/])[\\w-]{40,}/, "$1" + "token-".repeat(7));
    if (hidden !== text.data) text.data = hidden;
  }
}"""


@dataclass
class Camera:
    """The page of one tour, and the pictures taken of it."""

    portal: Portal
    page: Page
    folder: Path
    language: str
    schemes: list[str]
    only: str
    names: list[str] = field(default_factory=list)
    response: Response | None = None

    def go(self, address: str) -> None:
        """Open an address of the portal; one of its e-mails may hold another port."""
        path = re.sub(r"^http://localhost:\d+", "", address)
        self.page.goto(self.portal.url + path)

    def snap(self, name: str) -> None:
        """Save the page as it is now: its HTML, and a picture in each size and colour scheme."""
        if name in self.names:
            raise ValueError(f"two screens are called {name}")
        self.names.append(name)
        if self.only not in name:
            return
        assert self.response is not None
        (self.folder / f"{name}.{self.language}.html").write_bytes(self.response.body())
        for scheme in self.schemes:
            self.page.emulate_media(
                color_scheme=scheme,  # type: ignore[arg-type]
                reduced_motion="reduce",
            )
            for width, height in SIZES.items():
                self.page.set_viewport_size({"width": width, "height": height})
                self.page.evaluate(AT_REST)
                path = self.folder / f"{name}.{self.language}.{scheme}.{width}.png"
                self.page.screenshot(path=path, full_page=True, animations="disabled", scale="css")
        self.page.set_viewport_size({"width": 1280, "height": 900})

    def see(self, name: str, address: str) -> None:
        """Open an address and save it."""
        self.go(address)
        self.snap(name)

    def fill(self, **fields: str) -> None:
        """Fill fields of the page by the names under which they are sent."""
        for name, value in fields.items():
            field = self.page.locator(f"main [name={name}]").first
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def send(self, field: str, **button: str) -> None:
        """Send the form that has this field, by the button with this name and value if any."""
        form = self.page.locator(f"form:has([name={field}])").first
        with self.page.expect_navigation():
            form.evaluate(SEND, list(*button.items()))

    def link(self, part: str, text: str = "") -> str:
        """Return the address of the first link with this part and this text."""
        found = self.page.locator(f"a[href*='{part}']", has_text=text or None).first
        return str(found.get_attribute("href"))

    def log_in(self, who: str, *, office: bool = False) -> None:
        """Log in afresh as a login of the demo."""
        self.forget()
        self.go("/kantoor/inloggen/" if office else "/inloggen/")
        self.fill(email=f"{who}@lindehof.example.nl" if office else f"{who}@example.nl")
        self.fill(password=PASSWORD)
        self.send("password")
        if "inloggen" in self.page.url:
            raise RuntimeError(f"{who} was not let in")

    def forget(self) -> None:
        """Forget every cookie, and ask for the language of these pictures."""
        self.page.context.clear_cookies()
        cookie: Any = {"name": "taal", "value": self.language, "url": self.portal.url}
        self.page.context.add_cookies([cookie])

    def mails(self, prefix: str, *, since: str = SERVED) -> None:
        """Save the text and the HTML of every e-mail that was sent from then on."""
        sent = [mail for mail in self.portal.mails() if mail["sent_at"] >= since]
        for number, mail in enumerate(sent, 1):
            name = f"{prefix}-mail-{number:03}"
            if self.only in name:
                path = self.folder / f"{name}.{self.language}"
                path.with_name(f"{path.name}.html").write_text(mail["html"])
                head = {key: mail[key] for key in ("from", "to", "subject")}
                path.with_name(f"{path.name}.txt").write_text(
                    f"{json.dumps(head, ensure_ascii=False, indent=1)}\n\n{mail['text']}"
                )


SEND = """(form, [name, value]) => {
  if (!name) return form.requestSubmit();
  form.requestSubmit(form.querySelector(`button[name="${name}"][value="${value}"]`));
}"""


@contextmanager
def camera(
    portal: Portal, folder: Path, language: str, schemes: list[str], only: str
) -> Iterator[Camera]:
    """Start a browser at the moment of the portal's clock."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=CHROMIUM)
        context = browser.new_context(
            viewport={"width": 1280, "height": 900},
            device_scale_factor=1,
            reduced_motion="reduce",
            timezone_id="Europe/Amsterdam",
            locale="nl-NL",
            service_workers="block",
        )
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.clock.set_fixed_time(datetime.fromisoformat(SERVED))
        one = Camera(portal, page, folder, language, schemes, only)

        def keep(response: Response) -> None:
            request, is_redirect = response.request, 300 <= response.status < 400
            is_page = request.is_navigation_request() and request.frame == page.main_frame
            if is_page and not is_redirect:
                one.response = response

        page.on("response", keep)
        one.forget()
        yield one
        browser.close()
