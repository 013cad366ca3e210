"""Figures on how legible the source is: `python -m tools.legible [FOLDER]`.

FOLDER is a checkout, this one by default, so that two commits can be compared. The house tests
read the same functions. "Prose" is every docstring and comment.
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import statistics
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
WIDTH = 100
FIRST_LINE_MAX = 88
RELATIVE = re.compile(r"\b(?:what|whatever|who|whoever|whose)\b", re.IGNORECASE)
REFUSED_START = re.compile(r"(?:What|Who|Whose|Whoever|Whether|That|How)\b")
# Codes of sections in documents that are not in the repository: a capital and numbers.
CODE = re.compile(r"\bsecurity\.md\b|§|\b[BCDET]\d{1,2}\b")
DIRECTIVE = re.compile(r"(?:noqa|type:|pragma:|!)")
UNBREAKABLE = re.compile(r"https?://|\bd=\"")
SCRIPT_COMMENT = re.compile(r"/\*\*?(.*?)\*/|(?:^|\s)//[ \t]([^\n]*)", re.DOTALL | re.MULTILINE)


class Prose(NamedTuple):
    """A docstring or a block of comments, with its place in the source."""

    path: Path
    line: int
    text: str
    is_docstring: bool


def python_files(root: Path, *folders: str) -> list[Path]:
    """Return the Python files of these folders, migrations excepted."""
    paths = [path for folder in folders for path in sorted((root / folder).rglob("*.py"))]
    return [path for path in paths if "migrations" not in path.parts]


def template_files(root: Path) -> list[Path]:
    paths = (root / "src").rglob("*")
    endings = (".html", ".txt", ".js")
    return sorted(path for path in paths if _is_template(path) and path.suffix in endings)


def _is_template(path: Path) -> bool:
    return path.is_file() and "templates" in path.parts


def long_lines(paths: Iterable[Path]) -> list[str]:
    """Return the place of each line over 100 columns; addresses and SVG paths do not count."""
    return [
        f"{path}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > WIDTH and not UNBREAKABLE.search(line)
    ]


def prose_of(path: Path) -> Iterator[Prose]:
    """Yield the docstrings and the blocks of comments of a Python file."""
    source = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        if isinstance(
            node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
        ) and (text := ast.get_docstring(node)):
            yield Prose(path, node.body[0].lineno, text, is_docstring=True)
    yield from _comments_of(path, source)


def _comments_of(path: Path, source: str) -> Iterator[Prose]:
    """Yield each comment; lines of comments without code in a row are one."""
    block: list[tokenize.TokenInfo] = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            if block and not (_continues(block[-1], token)):
                yield _comment(path, block)
                block = []
            block.append(token)
    if block:
        yield _comment(path, block)


def _continues(previous: tokenize.TokenInfo, token: tokenize.TokenInfo) -> bool:
    whole_lines = previous.line.lstrip()[0] == token.line.lstrip()[0] == "#"
    return whole_lines and token.start[0] == previous.start[0] + 1


def _comment(path: Path, block: list[tokenize.TokenInfo]) -> Prose:
    text = "\n".join(token.string.lstrip("#").strip() for token in block)
    return Prose(path, block[0].start[0], text, is_docstring=False)


def script_prose_of(path: Path) -> Iterator[Prose]:
    """Yield the comments of a JavaScript or CSS file."""
    source = path.read_text(encoding="utf-8")
    for match in SCRIPT_COMMENT.finditer(source):
        text = re.sub(r"^\s*\* ?", "", match[1] or match[2] or "", flags=re.MULTILINE).strip()
        yield Prose(path, source.count("\n", 0, match.start()) + 1, text, is_docstring=False)


def objection_to(prose: Prose) -> str:
    """Return the rule of docs/style.md that a docstring or comment breaks, or ''."""
    first_line = prose.text.partition("\n")[0]
    if DIRECTIVE.match(prose.text) and not prose.is_docstring:
        return ""
    if REFUSED_START.match(prose.text):
        return "starts with a relative or question word"
    if prose.is_docstring and len(first_line) > FIRST_LINE_MAX:
        return f"has a first line over {FIRST_LINE_MAX} characters"
    if CODE.search(prose.text):
        return "cites a code that is not in the repository"
    return ""


def functions_of(paths: Iterable[Path]) -> list[int]:
    """Return the number of lines of each function, blank ones left out."""
    sizes = []
    for path in paths:
        lines = path.read_text(encoding="utf-8").splitlines()
        for node in ast.walk(ast.parse("\n".join(lines))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = lines[node.lineno - 1 : node.end_lineno]
                sizes.append(sum(1 for line in body if line.strip()))
    return sizes


def uses_of_any(paths: Iterable[Path]) -> list[str]:
    """Return the place of each `Any` in a file; importing it does not count."""
    return [
        f"{path}:{node.lineno}"
        for path in paths
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Name) and node.id == "Any"
    ]


def figures(root: Path) -> dict[str, str]:
    """Return the figures of a checkout, in the order in which they are printed."""
    app = python_files(root, "src")
    all_python = python_files(root, "src", "tests", "tools")
    frontend = [path for kind in ("js", "css") for path in (root / "frontend").rglob(f"*.{kind}")]
    prose = [each for path in all_python for each in prose_of(path)]
    prose += [each for path in frontend for each in script_prose_of(path)]
    objections = [each for each in prose if objection_to(each)]
    sizes = functions_of(app)
    styles = (root / "frontend").rglob("*.css")
    scripts = {path.name: _lines(path) for path in (root / "frontend" / "js").rglob("*.js")}
    longest = max(scripts, key=lambda name: scripts[name])
    return {
        "Python lines over 100 columns": str(len(long_lines(all_python))),
        "template lines over 100 columns": str(len(long_lines(template_files(root)))),
        "template characters on lines over 200": f"{_dense(template_files(root)):.1f} %",
        "refused docstrings and comments": str(len(objections)),
        "what/who/whose per 1,000 words, src": f"{relative_per_thousand(app):.1f}",
        "what/who/whose per 1,000 words, tests and tools": (
            f"{relative_per_thousand(set(all_python) - set(app)):.1f}"
        ),
        "uses of Any in faces and web": str(
            len(uses_of_any(python_files(root, "src/portaal/faces", "src/portaal/web")))
        ),
        "CSS lines over 100 columns": str(len(long_lines(styles))),
        "longest JavaScript file": f"{scripts[longest]} lines ({longest})",
        "functions": str(len(sizes)),
        "function median": f"{statistics.median(sizes):g} lines",
        "function p90": f"{statistics.quantiles(sizes, n=10)[-1]:g} lines",
    }


def relative_per_thousand(paths: Iterable[Path]) -> float:
    """Return the uses of what, who and whose in 1,000 words of prose."""
    text = "\n".join(prose.text for path in paths for prose in prose_of(path))
    return 1000 * len(RELATIVE.findall(text)) / len(re.findall(r"[A-Za-z][\w'’-]*", text))


def _dense(paths: list[Path]) -> float:
    lines = [line for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    return 100 * sum(len(line) for line in lines if len(line) > 200) / sum(map(len, lines))


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT)
    parser.add_argument("--list", action="store_true", help="list each place that counts")
    options = parser.parse_args()
    root: Path = options.folder.resolve()
    for name, value in figures(root).items():
        print(f"{name:<50} {value}")
    if options.list:
        print("\n".join(_places(root)))


def _places(root: Path) -> Iterator[str]:
    all_python = python_files(root, "src", "tests", "tools")
    styles = sorted((root / "frontend").rglob("*.css"))
    for place in long_lines([*all_python, *template_files(root), *styles]):
        yield f"{place}: over {WIDTH} columns"
    scripts = [*styles, *sorted((root / "frontend").rglob("*.js"))]
    prose = [each for path in all_python for each in prose_of(path)]
    prose += [each for path in scripts for each in script_prose_of(path)]
    for each in prose:
        if objection := objection_to(each):
            yield f"{each.path}:{each.line}: {objection}: {each.text[:60]!r}"
    for place in uses_of_any(python_files(root, "src/portaal/faces", "src/portaal/web")):
        yield f"{place}: Any"


if __name__ == "__main__":
    main()
