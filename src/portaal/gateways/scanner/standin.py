"""For demo, development and tests: finds the EICAR test file, which every scanner finds and which does nothing, anywhere."""

from collections.abc import Iterable

# Written in two parts, so that no scanner finds it here.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class StandIn:
    def scan(self, chunks: Iterable[bytes]) -> str:
        end = b""
        for chunk in chunks:
            if EICAR in end + chunk:
                return "Eicar-Test-Signature"
            end = (end + chunk)[-len(EICAR) :]
        return ""
