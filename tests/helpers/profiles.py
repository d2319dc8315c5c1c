"""Small colour profiles made from their definition (ICC.1:2001-04), so that tests need no files."""

from __future__ import annotations

import struct

# Columns of the sRGB primaries adapted to D50, as every matrix profile holds them.
_RED, _GREEN, _BLUE = (0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141)
_D50 = (0.9642, 1.0, 0.8249)


def swapped_rgb_profile() -> bytes:
    """An RGB profile that calls red what sRGB calls blue: whoever applies it swaps them."""
    return _profile(
        b"RGB ",
        b"XYZ ",
        {
            b"rXYZ": _xyz(_BLUE),
            b"gXYZ": _xyz(_GREEN),
            b"bXYZ": _xyz(_RED),
            b"rTRC": _gamma(2.2),
            b"gTRC": _gamma(2.2),
            b"bTRC": _gamma(2.2),
        },
    )


def gray_profile(gamma: float = 1.0) -> bytes:
    """A gray profile; gamma 1 makes the middle much lighter than it looks without it."""
    return _profile(b"GRAY", b"XYZ ", {b"kTRC": _gamma(gamma)})


def cmyk_profile() -> bytes:
    """A CMYK profile by which black ink prints black, cyan a middle gray and all else nothing."""
    grid = b"".join(bytes((0 if k else 128 if c else 255, 128, 128)) for c, _, _, k in _corners())
    matrix = struct.pack(">9i", *(65536 if i % 4 == 0 else 0 for i in range(9)))
    ramp = bytes(range(256))
    table = b"mft1\0\0\0\0" + bytes((4, 3, 2, 0)) + matrix + ramp * 4 + grid + ramp * 3
    return _profile(b"CMYK", b"Lab ", {b"A2B0": table}, device=b"prtr")


def _corners() -> list[tuple[int, int, int, int]]:
    return [(c, m, y, k) for c in (0, 1) for m in (0, 1) for y in (0, 1) for k in (0, 1)]


def _xyz(values: tuple[float, float, float]) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(v * 65536) for v in values))


def _gamma(value: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(value * 256)) + b"\0\0"


def _profile(space: bytes, pcs: bytes, tags: dict[bytes, bytes], device: bytes = b"mntr") -> bytes:
    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", 5) + b"test\0" + bytes(78),
        b"cprt": b"text\0\0\0\0none\0",
        b"wtpt": _xyz(_D50),
        **tags,
    }
    table, body = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    header = struct.pack(">I4sI4s4s4s", start + len(body), bytes(4), 0x02100000, device, space, pcs)
    header += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28)
    header += _xyz(_D50)[8:]
    return header.ljust(128, b"\0") + table + body
