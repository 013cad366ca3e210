"""A scanner for demo, development and tests.

It finds the EICAR test file, a harmless file that every scanner reports, anywhere in the bytes.
"""

from collections.abc import Iterable

# Split in two, so that no scanner reports this source file.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class StandIn:
    def scan(self, chunks: Iterable[bytes]) -> str:
        overlap = b""
        for chunk in chunks:
            if EICAR in overlap + chunk:
                return "Eicar-Test-Signature"
            overlap = (overlap + chunk)[-len(EICAR) :]
        return ""
