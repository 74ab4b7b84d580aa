"""Where Zstandard frames begin and end, so that a file cut short is noticed.

The library's own stream ends quietly when its input does, also in the middle of a frame.  This follows the
frame and block headers beside it, without unpacking anything.

Source: RFC 8878, sections 3.1.1 (frames and blocks) and 3.1.2 (skippable frames).
"""

from __future__ import annotations

MAGIC = b"\x28\xb5\x2f\xfd"
_SKIPPABLE = tuple(bytes([0x50 + i, 0x2A, 0x4D, 0x18]) for i in range(16))
_CONTENT_SIZE_BYTES = (0, 2, 4, 8)
_DICTIONARY_BYTES = (0, 1, 2, 4)
_RLE_BLOCK = 1


class FrameFollower:
    """Follows packed bytes, handed over in any pieces, and knows whether a frame is open."""

    def __init__(self) -> None:
        self._waiting, self._skip, self._need, self._at = b"", 0, 4, "magic"
        self._has_checksum = False

    @property
    def is_complete(self) -> bool:
        """Whether the bytes seen so far end where a frame ends."""
        return self._at == "magic" and not self._waiting and not self._skip

    def feed(self, packed: bytes) -> None:
        """Follow some more bytes of the file."""
        place = 0
        while place < len(packed):
            if self._skip:
                step = min(self._skip, len(packed) - place)
                self._skip, place = self._skip - step, place + step
                continue
            step = min(self._need - len(self._waiting), len(packed) - place)
            self._waiting += packed[place : place + step]
            place += step
            if len(self._waiting) == self._need:
                header, self._waiting = self._waiting, b""
                self._read(header)

    def _read(self, header: bytes) -> None:
        if self._at == "magic":
            self._at, self._need = ("size", 4) if header in _SKIPPABLE else ("descriptor", 1)
        elif self._at == "size":
            self._skip = int.from_bytes(header, "little")
            self._at, self._need = "magic", 4
        elif self._at == "descriptor":
            self._begin_frame(header[0])
        else:
            self._begin_block(int.from_bytes(header, "little"))

    def _begin_frame(self, descriptor: int) -> None:
        flag, is_single = descriptor >> 6, bool(descriptor & 0x20)
        content_size = 1 if flag == 0 and is_single else _CONTENT_SIZE_BYTES[flag]
        self._has_checksum = bool(descriptor & 0x04)
        self._skip = (0 if is_single else 1) + _DICTIONARY_BYTES[descriptor & 3] + content_size
        self._at, self._need = "block", 3

    def _begin_block(self, header: int) -> None:
        is_last, kind, size = header & 1, header >> 1 & 3, header >> 3
        self._skip = 1 if kind == _RLE_BLOCK else size
        if is_last:
            self._skip += 4 if self._has_checksum else 0
            self._at, self._need = "magic", 4
