"""The size in a JPEG XL header, because its Pillow plug-in decodes all pixels on opening.

Bit layout: ISO/IEC 18181-1 "SizeHeader"; boxes: 18181-2.
"""

from __future__ import annotations

from typing import BinaryIO

CODESTREAM = b"\xff\x0a"
CONTAINER = b"\x00\x00\x00\x0cJXL \x0d\x0a\x87\x0a"
_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))
_LONG_BITS = (9, 13, 18, 30)


def is_jxl(head: bytes) -> bool:
    """Whether a file that begins with `head` is JPEG XL."""
    return head.startswith((CODESTREAM, CONTAINER))


def read_size(file: BinaryIO) -> tuple[int, int]:
    """Width and height in pixels as stored; raises ValueError where there is no such header."""
    file.seek(0)
    head = file.read(len(CONTAINER))
    if head.startswith(CODESTREAM):
        file.seek(len(CODESTREAM))
    else:
        _seek_codestream(file)
    bits = _Bits(file.read(16))
    small = bits.take(1)
    height = _side(bits, small)
    ratio = bits.take(3)
    if ratio:
        return height * _RATIOS[ratio - 1][0] // _RATIOS[ratio - 1][1], height
    return _side(bits, small), height


def _side(bits: _Bits, small: int) -> int:
    if small:
        return (bits.take(5) + 1) * 8
    return bits.take(_LONG_BITS[bits.take(2)]) + 1


def _seek_codestream(file: BinaryIO) -> None:
    """Place the file after the signature of the codestream inside the container's boxes."""
    while True:
        header = file.read(8)
        if len(header) < 8:
            raise ValueError("no codestream in the container")
        length, kind, used = int.from_bytes(header[:4], "big"), header[4:], 8
        if length == 1:
            length, used = int.from_bytes(file.read(8), "big"), 16
        if kind in (b"jxlc", b"jxlp"):
            file.seek(4 if kind == b"jxlp" else 0, 1)  # jxlp: a sequence number first
            if file.read(2) != CODESTREAM:
                raise ValueError("no codestream signature")
            return
        if length < used:
            raise ValueError("no codestream in the container")
        file.seek(length - used, 1)


class _Bits:
    """Numbers packed with the least significant bit first."""

    def __init__(self, data: bytes) -> None:
        self._left = int.from_bytes(data, "little")

    def take(self, count: int) -> int:
        value = self._left & ((1 << count) - 1)
        self._left >>= count
        return value
