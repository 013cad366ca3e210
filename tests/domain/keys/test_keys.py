"""The key of a vault: wrapped with a master key, rotated, destroyed; and the keyring file."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from tests.people import PDF, make_cast

from portaal.domain.journal.actors import SYSTEM
from portaal.domain.journal.models import Event
from portaal.domain.keys.crypto import Tampered, new_key, seal, unseal
from portaal.domain.keys.models import Vault
from portaal.domain.keys.verbs import destroy, rotate
from portaal.gateways.keyring import NAMES, Keyring, keyring


@pytest.fixture
def ring(settings: Any, tmp_path: Path) -> Path:
    settings.KEYS_FILE = tmp_path / "keys"
    Keyring.make(settings.KEYS_FILE)
    return settings.KEYS_FILE


def write(path: Path, keys: dict[str, bytes]) -> None:
    path.unlink(missing_ok=True)
    path.touch(0o600)
    path.write_text(
        "".join(f"{name} {base64.b64encode(key).decode()}\n" for name, key in keys.items())
    )


def remove_master(path: Path, name: str) -> None:
    lines = [
        line
        for line in path.read_text().splitlines(keepends=True)
        if not line.startswith(f"{name} ")
    ]
    path.write_text("".join(lines))
    os.utime(path, ns=(1, 1))


def valid_keys() -> dict[str, bytes]:
    return {name: secrets.token_bytes(32) for name in NAMES} | {"mk-1": secrets.token_bytes(32)}


def test_vaults_open_without_the_old_master_after_rotation(ring: Path, db: None) -> None:
    vaults = [Vault.objects.make() for _ in range(3)]
    keys = [vault.key() for vault in vaults]
    call_command("keys", "rotate")
    remove_master(ring, "mk-1")
    assert [Vault.objects.get(pk=vault.pk).key() for vault in vaults] == keys
    assert keyring().masters() == ["mk-2"]
    assert set(Vault.objects.values_list("master", flat=True)) == {"mk-2"}
    call_command("keys", "doctor")


def test_second_rotation_records_no_event(ring: Path, db: None) -> None:
    vault = Vault.objects.make()
    keyring().add_master(ring)
    for _ in range(2):
        rotate(vault, by=SYSTEM)
    assert list(Event.objects.values_list("verb", flat=True)) == ["keys.rotate"]


def test_vault_opens_with_its_older_master_before_rotation(ring: Path, db: None) -> None:
    vault = Vault.objects.make()
    key = vault.key()
    keyring().add_master(ring)
    assert Vault.objects.get().key() == key
    assert Vault.objects.get().master == "mk-1"


def test_vault_destroyed_during_rotation_stays_destroyed(ring: Path, db: None) -> None:
    stale = Vault.objects.make()
    keyring().add_master(ring)
    destroy(Vault.objects.get(), by=SYSTEM)
    rotate(stale, by=SYSTEM)
    assert Vault.objects.get().wrapped is None


def test_files_of_a_destroyed_vault_are_unreadable(ring: Path, db: None) -> None:
    cast = make_cast()
    file = cast.publications["sanne"].file
    assert b"".join(file.chunks()) == PDF
    destroy(file.vault, by=SYSTEM)
    file.refresh_from_db()
    with pytest.raises(Tampered):
        file.chunks()


@pytest.mark.parametrize("cut", [0, 5, 12, 20, -1])
def test_truncated_wrapped_key_is_refused(ring: Path, db: None, cut: int) -> None:
    vault = Vault.objects.make()
    vault.wrapped = bytes(vault.wrapped)[:cut]
    with pytest.raises(Tampered):
        vault.key()


@pytest.mark.parametrize("index", [0, 11, 12, 30, -1])
def test_wrapped_key_with_one_changed_bit_is_refused(ring: Path, db: None, index: int) -> None:
    vault = Vault.objects.make()
    changed = bytearray(vault.wrapped)
    changed[index] ^= 1
    vault.wrapped = bytes(changed)
    with pytest.raises(Tampered):
        vault.key()


def test_wrapped_key_of_another_vault_is_refused(ring: Path, db: None) -> None:
    one, other = Vault.objects.make(), Vault.objects.make()
    one.wrapped = other.wrapped
    with pytest.raises(Tampered):
        one.key()


def test_doctor_counts_a_vault_that_does_not_open(ring: Path, db: None) -> None:
    Vault.objects.make()
    Vault.objects.update(wrapped=b"x" * 60)
    with pytest.raises(CommandError, match="1 vaults"):
        call_command("keys", "doctor")


def test_sealed_data_opens_only_with_its_own_key_and_context() -> None:
    key, other = new_key(), new_key()
    sealed = seal(key, b"geheim", "dit")
    assert unseal(key, sealed, "dit") == b"geheim"
    for wrong in ((other, sealed, "dit"), (key, sealed, "dat"), (key, sealed[:-1], "dit")):
        with pytest.raises(Tampered):
            unseal(*wrong)


def test_new_keyring_is_private_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    Keyring.make(path)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        Keyring.make(path)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_keyring_refuses_a_file_that_others_can_read(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "keys"
    write(path, valid_keys())
    path.chmod(mode)
    with pytest.raises(ValueError, match="chmod 600"):
        Keyring.load(path)


@pytest.mark.parametrize("name", ["django", "journal", "lookup", "mk-1"])
def test_keyring_refuses_a_missing_key(tmp_path: Path, name: str) -> None:
    keys = valid_keys()
    del keys[name]
    write(tmp_path / "keys", keys)
    with pytest.raises(ValueError, match="missing"):
        Keyring.load(tmp_path / "keys")


@pytest.mark.parametrize(
    "key", [b"", b"short", bytes(range(31)), bytes(range(33)), b"\0" * 32, b"ab" * 16]
)
def test_keyring_refuses_a_key_that_is_not_32_random_bytes(tmp_path: Path, key: bytes) -> None:
    write(tmp_path / "keys", valid_keys() | {"journal": key})
    with pytest.raises(ValueError, match="journal is not a random key"):
        Keyring.load(tmp_path / "keys")


@pytest.mark.parametrize(
    "name", ["mk-x", "mk-0", "mk-", "mk-01", "mk-1x", "session", "DJANGO", "journal-1", "journal-x"]
)
def test_keyring_refuses_an_unknown_key_name(tmp_path: Path, name: str) -> None:
    write(tmp_path / "keys", valid_keys() | {name: valid_keys()["lookup"]})
    with pytest.raises(ValueError, match="not the name of a key"):
        Keyring.load(tmp_path / "keys")


def test_keyring_refuses_a_key_that_is_not_base64(tmp_path: Path) -> None:
    write(tmp_path / "keys", valid_keys())
    with (tmp_path / "keys").open("a") as file:
        file.write("mk-2 not*base64\n")
    with pytest.raises(ValueError):
        Keyring.load(tmp_path / "keys")


def test_tenth_master_is_newer_than_the_second(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    ring = Keyring.make(path)
    for _ in range(9):
        ring.add_master(path)
    assert Keyring.load(path).current_master() == "mk-10"
    assert Keyring.load(path).masters()[-1] == "mk-10"
