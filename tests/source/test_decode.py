"""Decoding: every encoding that kubectl reads, and a reason for each that it does not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podlint.source import decode as decode_module
from podlint.source.decode import UndecodableError, decode, read

TEXT = "a: ä漢😀\r\n"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(TEXT.encode(), id="UTF-8"),
        pytest.param(TEXT.encode("utf-8-sig"), id="UTF-8 with a BOM"),
        pytest.param(b"\xff\xfe" + TEXT.encode("utf-16-le"), id="UTF-16, little-endian"),
        pytest.param(b"\xfe\xff" + TEXT.encode("utf-16-be"), id="UTF-16, big-endian"),
    ],
)
def test_encodings(data: bytes) -> None:
    assert decode(data) == TEXT


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"a: \xff\n", "is not UTF-8: byte 0xFF at offset 3", id="Latin-1"),
        pytest.param(b"\xef\xbb\xbfa: \xe4\n", "is not UTF-8: byte 0xE4 at offset 6", id="behind a BOM"),
        pytest.param(b"a: \xf0\x9f", "is not UTF-8: byte 0xF0 at offset 3", id="cut off"),
        pytest.param(b"\xff\xfea\0\0\xd8", "is not UTF-16: byte 0x00 at offset 4", id="lone surrogate"),
        pytest.param(b"\xff\xfea", "is not UTF-16: byte 0x61 at offset 2", id="half a UTF-16 unit"),
        pytest.param(b"a: b\0c", "is binary data: a NUL byte at offset 4", id="NUL"),
        pytest.param(
            b"\x7fELF\x02\x01\x01\0\0\xff\xfe", "is binary data: a NUL byte at offset 7", id="binary"
        ),
        pytest.param(
            "a: b".encode("utf-16-le"), "is UTF-16 without a byte order mark: save it as UTF-8", id="no BOM"
        ),
        pytest.param(
            "a: b".encode("utf-32"),
            "is UTF-32, which YAML readers do not accept: save it as UTF-8",
            id="UTF-32",
        ),
    ],
)
def test_what_cannot_be_decoded(data: bytes, reason: str) -> None:
    with pytest.raises(UndecodableError) as caught:
        decode(data)
    assert caught.value.reason == reason


@given(st.binary(max_size=64))
def test_any_bytes_give_text_or_a_reason(data: bytes) -> None:
    try:
        text = decode(data)
    except UndecodableError as error:
        assert error.reason.startswith("is ")
    else:
        assert "\0" not in text


def test_large_files_are_refused_unread(tmp_path: Path) -> None:
    large = tmp_path / "large.yaml"
    with large.open("wb") as file:
        file.truncate(decode_module.MAX_FILE_BYTES + 1)
    with pytest.raises(UndecodableError, match="is larger than 64 MiB"):
        read(str(large))


def test_read(tmp_path: Path) -> None:
    path = tmp_path / "pod.yaml"
    path.write_bytes(b"a: b\n")
    assert read(str(path)) == b"a: b\n"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs here")
def test_what_is_no_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for name, reason in {
        "fifo": "is a FIFO, not a file",
        ".": "is a directory, not a file",
        "missing": "no such file or directory",
        "a\0b": "the path holds a NUL character",
    }.items():
        with pytest.raises(UndecodableError) as caught:
            read(str(tmp_path / name))
        assert caught.value.reason == reason


@pytest.mark.skipif(not Path("/proc/self/limits").is_file(), reason="needs /proc")
def test_a_file_that_says_it_is_empty_is_read_whole() -> None:
    assert Path("/proc/self/limits").stat().st_size == 0
    assert read("/proc/self/limits") == Path("/proc/self/limits").read_bytes() != b""
