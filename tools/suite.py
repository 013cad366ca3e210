"""Command `python tools/suite.py NAME -- COMMAND`: run a suite, end with one line.

The line holds the name of the suite and the count of pytest, or "ok" for a tool without a count.
With --quiet the output of the suite appears only if it fails.
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
