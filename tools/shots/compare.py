"""Comparison of two runs: pixels of pictures, elements of pages, lines of e-mails."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from difflib import unified_diff
from html.parser import HTMLParser
from pathlib import Path

from PIL import Image, ImageChops

DIFFERENCES = "differences"  # the folder in B of the pictures that show what differs
INLINE_TAGS = """a abbr b bdi br button cite code data dfn em i img input kbd label mark output
  q s samp select small span strong sub sup svg textarea time u var wbr path circle rect line
  polyline polygon g use ellipse"""
INLINE = frozenset(INLINE_TAGS.split())
VERBATIM = ("pre", "textarea")
# Values that differ between two runs, or between two builds of the same files.
NEUTRAL: list[tuple[re.Pattern[str], str]] = [
    (re.compile(r"(/static/[^\s\"']+?)\.[0-9a-f]{12}(\.\w+)"), r"\1\2"),
    (re.compile(r"localhost:\d+"), "localhost"),
    (re.compile(r"\b\d{8}T\d{12}Z-[0-9a-f]{8}\b"), "MAIL"),
    (re.compile(r"/wachtwoord/[\w-]{40,}"), "/wachtwoord/TOKEN"),
    (re.compile(r"(num(?:mer|ber)) [0-9a-f]{8}\b"), r"\1 INCIDENT"),
    (re.compile(r"(\dT\d\d:\d\d):\d\d(\.\d+)?"), r"\1"),
]
ID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
TOKEN = re.compile(r"^[A-Za-z0-9]{64}$")


def compare_pictures(a: Path, b: Path, only: str = "") -> int:
    """Print how many pixels of each picture differ; return how many pictures do."""

    def differ(name: str) -> str:
        number, picture = changed_pixels(a / name, b / name)
        if picture:
            (b / DIFFERENCES).mkdir(exist_ok=True)
            picture.save(b / DIFFERENCES / name)
        return f"{number} pixels" if number else ""

    return _compare(a, b, (".png",), only, differ)


def compare_pages(
    a: Path, b: Path, only: str = "", ignored: Collection[str] = (), *, loose: bool = False
) -> int:
    """Print what differs in each page and e-mail; return how many do.

    `ignored` names attributes that do not count, such as `class` where classes were renamed. When
    `loose`, white space between elements does not count: the pictures show where it matters.
    """

    def differ(name: str) -> str:
        before, after = (_lines(folder / name, ignored, loose) for folder in (a, b))
        return "\n".join(unified_diff(before, after, lineterm="", n=2))

    return _compare(a, b, (".html", ".txt"), only, differ)


def _compare(
    a: Path, b: Path, kinds: tuple[str, ...], only: str, differ: Callable[[str], str]
) -> int:
    in_a, in_b = (
        {path.name for path in folder.iterdir() if path.suffix in kinds and only in path.name}
        for folder in (a, b)
    )
    faults = dict.fromkeys(in_a - in_b, f"only in {a}")
    faults |= dict.fromkeys(in_b - in_a, f"only in {b}")
    faults |= {name: words for name in sorted(in_a & in_b) if (words := differ(name))}
    for name, words in sorted(faults.items()):
        print(f"{name}: {words}")
    print(f"{len(in_a & in_b)} compared ({', '.join(kinds)}), {len(faults)} differ")
    return len(faults) if in_a | in_b else 1


def changed_pixels(a: Path, b: Path) -> tuple[int, Image.Image | None]:
    """Return how many pixels differ, and a picture with those in red; None when none do."""
    if a.read_bytes() == b.read_bytes():
        return 0, None
    with Image.open(a) as one, Image.open(b) as other:
        size = (max(one.width, other.width), max(one.height, other.height))
        before, after = (_on_canvas(picture.convert("RGB"), size) for picture in (one, other))
    red, green, blue = ImageChops.difference(before, after).split()
    changed = ImageChops.lighter(ImageChops.lighter(red, green), blue).point(
        lambda v: 255 if v else 0
    )
    changed = changed.convert("L")
    for picture in (one, other):  # the part that one of them does not have at all
        outside = Image.new("L", size, 255)
        outside.paste(0, (0, 0, picture.width, picture.height))
        changed = ImageChops.lighter(changed, outside)
    number = changed.histogram()[255]
    if not number:
        return 0, None
    shown = Image.blend(after, Image.new("RGB", size, "white"), 0.7)
    shown.paste((220, 0, 0), mask=changed)
    return number, shown


def _on_canvas(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    canvas = Image.new("RGB", size, "white")
    canvas.paste(picture)
    return canvas


def page_lines(html: str, ignored: Collection[str] = (), loose: bool = False) -> list[str]:
    """Return the elements and texts of a page, one a line, without what differs by chance."""
    parser = _Page(ignored, frozenset() if loose else INLINE)
    parser.feed(html)
    parser.close()
    return _with_numbered_ids(list(parser.lines()))


def text_lines(text: str) -> list[str]:
    """Return the lines of a text, without what differs by chance."""
    return _with_numbered_ids([_neutral(line.rstrip()) for line in text.splitlines()])


def _lines(path: Path, ignored: Collection[str], loose: bool) -> list[str]:
    text = path.read_text(encoding="utf-8")
    return page_lines(text, ignored, loose) if path.suffix == ".html" else text_lines(text)


def _neutral(text: str) -> str:
    for pattern, instead in NEUTRAL:
        text = pattern.sub(instead, text)
    return text


def _with_numbered_ids(lines: list[str]) -> list[str]:
    """Replace each id by the number of its first appearance in the page."""
    numbers: dict[str, str] = {}

    def number(match: re.Match[str]) -> str:
        return numbers.setdefault(match[0], f"ID{len(numbers) + 1}")

    return [ID.sub(number, line) for line in lines]


class _Page(HTMLParser):
    """A page as a row of tags and texts; white space counts where a browser would show it."""

    def __init__(self, ignored: Collection[str], inline: Collection[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.ignored, self.inline = ignored, inline
        self.found: list[tuple[str, str]] = []  # (name of the tag or "", the line)
        self.verbatim = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        values = {
            name: _value(name, value or "", names)
            for name, value in attrs
            if name not in self.ignored
        }
        words = "".join(f' {name}="{value}"' for name, value in sorted(values.items()))
        self.found.append((tag, _neutral(f"<{tag}{words}>")))
        if tag in VERBATIM:
            self.verbatim = tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.found.append((tag, f"</{tag}>"))
        if tag == self.verbatim:
            self.verbatim = ""

    def handle_data(self, data: str) -> None:
        if self.verbatim:
            self.found.append((self.verbatim, repr(data.removeprefix("\n"))))
        elif self.found and not self.found[-1][0]:
            self.found[-1] = ("", self.found[-1][1] + data)
        else:
            self.found.append(("", data))

    def lines(self) -> Iterator[str]:
        for index, (tag, line) in enumerate(self.found):
            if tag:
                yield line
                continue
            before = self.found[index - 1][0] if index else "html"
            after = self.found[index + 1][0] if index + 1 < len(self.found) else "html"
            text = re.sub(r"\s+", " ", line)
            text = text if before in self.inline else text.lstrip()
            text = text if after in self.inline else text.rstrip()
            if text:
                yield _neutral(f"  {text!r}")


def _value(name: str, value: str, others: dict[str, str | None]) -> str:
    """Return the value of an attribute, without what differs by chance or does not matter."""
    if name == "class":
        return " ".join(sorted(value.split()))
    if name == "value" and (others.get("name") == "csrfmiddlewaretoken" or TOKEN.match(value)):
        return "CSRF"
    return " ".join(value.split()) if name != "value" else value
