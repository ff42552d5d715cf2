"""Decoding: a file's bytes, read without surprises, and the text that they are."""

from __future__ import annotations

import os
import stat

MAX_FILE_BYTES = 64 * 1024 * 1024
"""Of a file: who checks strangers' repositories should not run out of memory for one of them, …"""
MAX_PIPED_BYTES = 512 * 1024 * 1024
"""… and of what somebody pipes in: `kubectl get … -o json` prints as much of some 50,000 pods."""

_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_UTF32_MARKS = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")


class UndecodableError(Exception):
    """Bytes that are no text podlint can read; `reason` says why, in lower case."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read(path: str) -> bytes:
    """The bytes of a regular file of at most `MAX_FILE_BYTES`.

    Raises `UndecodableError`, also when it is missing, may not be read, or is no file; a FIFO is never
    waited for.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except OSError as error:
        raise UndecodableError(reason_of(error)) from None
    except ValueError:
        raise UndecodableError("the path holds a NUL character") from None
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise UndecodableError(f"is {kind_of(found.st_mode)}, not a file")
        with open(descriptor, "rb", closefd=False) as file:
            # Room for as much as may be read at most would be asked of the system for each small file.
            data = file.read(min(found.st_size, MAX_FILE_BYTES) + 1)
            if len(data) > found.st_size:
                data += file.read(MAX_FILE_BYTES + 1 - len(data))
    except OSError as error:
        raise UndecodableError(reason_of(error)) from None
    finally:
        os.close(descriptor)
    _check_size(data, MAX_FILE_BYTES)
    return data


def decode(data: bytes) -> str:
    """The text of UTF-8 (with or without a BOM) or of UTF-16 with a BOM, which is removed; line ends stay.

    Raises `UndecodableError`. The encodings are those of libyaml, which kubectl's reader descends from.
    """
    _check_size(data, MAX_PIPED_BYTES)
    if data.startswith(_UTF32_MARKS):
        raise UndecodableError("is UTF-32, which YAML readers do not accept: save it as UTF-8")
    codec = _UTF16_MARKS.get(data[:2])
    try:
        text = data[2:].decode(codec) if codec else data.removeprefix(_UTF8_MARK).decode("utf-8")
    except UnicodeDecodeError as error:
        if b"\0" in data and not codec:
            raise _binary(data) from None
        skipped = len(data) - len(error.object)
        bad = f"0x{error.object[error.start]:02X} at offset {error.start + skipped}"
        raise UndecodableError(f"is not {'UTF-16' if codec else 'UTF-8'}: byte {bad}") from None
    if "\0" in text:
        raise _binary(data)
    return text


def encode(text: str, like: bytes) -> bytes:
    """The bytes of a text in the encoding of a file that was decoded, with its byte order mark."""
    codec = _UTF16_MARKS.get(like[:2])
    if codec:
        return like[:2] + text.encode(codec)
    return (_UTF8_MARK if like.startswith(_UTF8_MARK) else b"") + text.encode("utf-8")


def kind_of(mode: int) -> str:
    """What a file that is not a regular one is, from its `st_mode`."""
    for test, name in (
        (stat.S_ISDIR, "a directory"),
        (stat.S_ISFIFO, "a FIFO"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISCHR, "a device"),
        (stat.S_ISBLK, "a device"),
    ):
        if test(mode):
            return name
    return "a special file"


def reason_of(error: OSError) -> str:
    """The operating system's words for an error, in lower case."""
    words = error.strerror or "cannot be read"
    return words[:1].lower() + words[1:]


def _check_size(data: bytes, most: int) -> None:
    if len(data) > most:
        raise UndecodableError(f"is larger than {most // (1024 * 1024)} MiB")


def _binary(data: bytes) -> UndecodableError:
    """The error for data that holds NUL bytes; every other byte being one betrays UTF-16 without its mark."""
    if len(data) % 2 == 0 and (not any(data[0:64:2]) or not any(data[1:64:2])):
        return UndecodableError("is UTF-16 without a byte order mark: save it as UTF-8")
    return UndecodableError(f"is binary data: a NUL byte at offset {data.index(0)}")
