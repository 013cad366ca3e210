"""Runs one suite of `make test` and closes it with one line: `python tools/suite.py sqlite -- pytest`.

The line says the suite's name and pytest's own count, or "ok" for a tool that does not count. With --quiet the suite's
output is shown only when it fails.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time

COUNT = re.compile(r"^(?:=+ )?((?:\d+ [a-z]+(?:, )?)+) in [\d.]+s", re.MULTILINE)
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def main() -> int:
    head, command = sys.argv[1 : sys.argv.index("--")], sys.argv[sys.argv.index("--") + 1 :]
    name, quiet = head[0], "--quiet" in head
    began = time.monotonic()
    lines: list[str] = []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as suite:
        assert suite.stdout
        for line in suite.stdout:
            lines.append(line)
            if not quiet:
                sys.stdout.write(line)
                sys.stdout.flush()
    if quiet and suite.returncode:
        sys.stdout.writelines(lines)
    counts = COUNT.findall(COLOUR.sub("", "".join(lines)))
    result = counts[-1] if counts else ("ok" if suite.returncode == 0 else "failed")
    print(
        f"{name}: {result} in {time.monotonic() - began:.0f} s"
        + (" - FAILED" if suite.returncode else ""),
        flush=True,
    )
    return suite.returncode


if __name__ == "__main__":
    sys.exit(main())
