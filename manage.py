"""The project's command line without an installed package: the same as `portaal`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "src"))

from portaal.__main__ import main

if __name__ == "__main__":
    main()
