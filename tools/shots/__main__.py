"""`python -m tools.shots`: a picture of every screen, or the comparison of two runs."""

from __future__ import annotations

import os
import sys
import time
import traceback
from argparse import ArgumentParser, Namespace
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from .camera import camera
from .compare import compare_pages, compare_pictures
from .portal import Tree, load, serve
from .tours import TOURS

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Do what the command line asks; return the exit code."""
    options = _options()
    if options.compare or options.compare_html:
        differ = 0
        if options.compare:
            a, b = options.compare
            differ += compare_pictures(a, b, options.only)
        if options.compare_html:
            a, b = options.compare_html
            differ += compare_pages(a, b, options.only, options.ignore, loose=options.loose)
        return 1 if differ else 0
    return take(options)


def take(options: Namespace) -> int:
    """Take the pictures; return 1 when a tour broke off."""
    started = time.monotonic()
    options.out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="shots-") as name:
        work = Path(name)
        (work / "demo").mkdir()
        trees = load(Tree(options.source.resolve(), work / "demo"), options.languages)
        jobs = [
            (tour, trees[language], language, options)
            for language in options.languages
            for tour in _tours(options.only)
        ]
        with ProcessPoolExecutor(options.processes) as pool:
            results = list(pool.map(_tour, jobs))
    names = sorted({name for names, _ in results for name in names if options.only in name})
    faults = [fault for _, fault in results if fault]
    print("\n".join(faults), file=sys.stderr)
    pictures = len(names) * len(options.schemes) * len(options.languages) * 2
    seconds = time.monotonic() - started
    print(f"{len(names)} screens, {pictures} pictures in {seconds:.0f} s: {options.out}")
    return 1 if faults else 0


def _tours(only: str) -> list[str]:
    """Return the tours that may hold a screen with this word in its name."""
    first = only.partition("-")[0]
    return [first] if first in TOURS else list(TOURS)


def _tour(job: tuple[str, Tree, str, Namespace]) -> tuple[list[str], str]:
    """Take the pictures of one tour; return its screens, and the fault that ended it."""
    tour, tree, language, options = job
    data = tree.data.with_name(f"{tour}-{language}")
    with (
        serve(tree, data) as portal,
        camera(portal, options.out, language, options.schemes, options.only) as one,
    ):
        try:
            TOURS[tour](one)
        except Exception:
            where = f"tour {tour} ({language}) ended at {one.page.url} after {one.names[-1:]}"
            return one.names, f"{where}\n{traceback.format_exc()}"
        return one.names, ""


def _options() -> Namespace:
    parser = ArgumentParser("python -m tools.shots", description=__doc__)
    parser.add_argument("out", nargs="?", type=Path, help="the folder of the pictures")
    parser.add_argument("--source", type=Path, default=ROOT, help="the source tree of the portal")
    parser.add_argument(
        "--only", default="", help="screens with this in their name: office, client-message"
    )
    parser.add_argument("--languages", type=_words, default=["nl"], help="nl,en")
    parser.add_argument("--schemes", type=_words, default=["light"], help="light,dark")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--compare", nargs=2, type=Path, metavar=("A", "B"), help="pixels")
    parser.add_argument(
        "--compare-html", nargs=2, type=Path, metavar=("A", "B"), help="pages, e-mails"
    )
    parser.add_argument("--ignore", type=_words, default=[], help="attributes: class,id")
    parser.add_argument("--loose", action="store_true", help="white space does not count")
    options = parser.parse_args()
    if not (options.out or options.compare or options.compare_html):
        parser.error("say where the pictures go, or what to compare")
    return options


def _words(text: str) -> list[str]:
    return text.split(",")


if __name__ == "__main__":
    sys.exit(main())
