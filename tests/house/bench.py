"""A short run of the benchmark."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.house.source import ROOT


def measured(folder: Path, name: str, **order: str) -> Any:
    """Return the results under this name, for an office of 50 dossiers on SQLite."""
    made = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PORTAAL_", "DATABASE_URL"))
    }
    made |= {
        "PORTAAL_DATA_DIR": str(folder),
        "DOSSIERS": "50",
        "ROUNDS": "1",
        "DATABASES": "sqlite",
        **order,
    }
    collect = {**made, "PORTAAL_MODE": "demo", "DJANGO_SETTINGS_MODULE": "portaal.settings"}
    subprocess.run(
        [sys.executable, "-m", "portaal", "collectstatic", "--no-input", "-v0"],
        cwd=ROOT,
        env=collect,
        check=True,
    )
    done = subprocess.run(
        [sys.executable, "-m", "tools.bench"], cwd=ROOT, env=made, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in folder.iterdir() if path.name.startswith("bench")) == [name]
    return json.loads((folder / name).read_text())["databases"]["sqlite"]
