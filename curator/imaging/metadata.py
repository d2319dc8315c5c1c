"""Ratings, keywords and time of taking that other programs wrote into a picture or sidecar."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from PIL import ExifTags, Image, ImageFile, IptcImagePlugin

from curator.core.errors import UserError
from curator.imaging.bad_image import DECODE_ERRORS

MAX_XMP_BYTES = 16 << 20  # Lightroom's masks reach a few megabytes
UNREADABLE_XMP = "its XMP metadata could not be read"

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_RATING = "{http://ns.adobe.com/xap/1.0/}Rating"
_PERCENT = "{http://ns.microsoft.com/photo/1.0/}Rating"
_FLAT_KEYWORDS = ("{http://purl.org/dc/elements/1.1/}subject",)
_TREE_KEYWORDS = (
    "{http://www.digikam.org/ns/1.0/}TagsList",
    "{http://ns.adobe.com/lightroom/1.0/}hierarchicalSubject",
)
_TAKEN = (
    "{http://ns.adobe.com/exif/1.0/}DateTimeOriginal",
    "{http://ns.adobe.com/photoshop/1.0/}DateCreated",
    "{http://ns.adobe.com/xap/1.0/}CreateDate",
)
_EXIF_RATING, _EXIF_PERCENT, _EXIF_KEYWORDS = 0x4746, 0x4749, 0x9C9E
_EXIF_TAKEN, _EXIF_OFFSET, _EXIF_ANY_OFFSET = 0x9003, 0x9011, 0x9010
_IPTC_KEYWORDS, _IPTC_CHARSET = (2, 25), (1, 90)
_DATE = re.compile(
    r"(\d{4})[:-](\d\d)[:-](\d\d)[T ](\d\d):(\d\d)(?::(\d\d))?(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?"
)


@dataclass(frozen=True, slots=True)
class Embedded:
    """What a picture carries about itself.

    `rating`: -1 (rejected) to 5 as it was written, None where there is none. `keywords`: in their
    order, each once. `taken`: seconds since 1970, UTC; a time without an offset counts as UTC.
    """

    rating: int | None = None
    keywords: tuple[str, ...] = ()
    taken: float | None = None
    warnings: tuple[str, ...] = ()


def embedded_in(picture: ImageFile.ImageFile) -> Embedded:
    """What an opened picture carries in XMP, EXIF and IPTC, in this order of trust.

    A PNG is decoded for it, because its metadata may follow its pixels.
    """
    exif = _from_exif(picture)  # first, because this decodes a PNG
    iptc = _iptc_keywords(picture)
    try:
        xmp = parse_xmp(packet) if (packet := _xmp_packet(picture)) else Embedded()
    except UserError:
        xmp = Embedded(warnings=(UNREADABLE_XMP,))
    return Embedded(
        exif.rating if xmp.rating is None else xmp.rating,
        _unique([*xmp.keywords, *iptc, *exif.keywords]),
        xmp.taken if exif.taken is None else exif.taken,
        xmp.warnings,
    )


def parse_xmp(data: bytes) -> Embedded:
    """An XMP packet or sidecar, properties in attribute or element form.

    Raises UserError when it is no XML, too large, or declares a DTD or entities.
    """
    if len(data) > MAX_XMP_BYTES:
        raise UserError("The XMP data is too large.", f"At most {MAX_XMP_BYTES >> 20} MB are read.")
    try:
        is_wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
        root = fromstring(data if is_wide else data.strip(b"\0 \t\r\n"), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise UserError("The XMP data is damaged.", "Write it again with your editor.") from error
    found = dict(_properties(root))
    rating = _rating(_first(found, [_RATING]))
    if rating is None:
        rating = _stars(_first(found, [_PERCENT]))
    flat = [word for name in _FLAT_KEYWORDS for word in found.get(name, ())]
    leaves = [
        re.split(r"[/|]", word)[-1] for name in _TREE_KEYWORDS for word in found.get(name, ())
    ]
    return Embedded(rating, _unique([*flat, *leaves]), _seconds(_first(found, _TAKEN)))


def _properties(root: Element) -> Iterator[tuple[str, list[str]]]:
    """Name and values of each property of the described picture itself."""
    for description in root.iterfind(f".//{_RDF}RDF/{_RDF}Description"):
        for name, value in description.attrib.items():
            yield name, [value]
        for element in description:
            items = [item.text or "" for item in element.iterfind(f"*/{_RDF}li")]
            yield element.tag, items or [element.text or ""]


def _first(found: dict[str, list[str]], names: Iterable[str]) -> str:
    return next((found[name][0] for name in names if name in found), "")


def _rating(text: object) -> int | None:
    """-1 to 5, None for anything else; some programs write "5.0"."""
    try:
        number = float(str(text))
    except ValueError:
        return None
    return int(number) if number in (-1, 0, 1, 2, 3, 4, 5) else None


def _stars(percent: object) -> int | None:
    """Windows' 0 to 99 as stars: it writes 1, 25, 50, 75, 99 and takes what lies nearest."""
    try:
        number = float(str(percent))
    except ValueError:
        return None
    if not 0 <= number <= 100:
        return None
    return 0 if number == 0 else min(5, 1 + int(number + 12) // 25)


def _xmp_packet(picture: Image.Image) -> bytes:
    packet = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp") or b""
    return packet.encode() if isinstance(packet, str) else bytes(packet)


def _from_exif(picture: Image.Image) -> Embedded:
    try:
        exif = picture.getexif()
        details: dict[int, Any] = exif.get_ifd(ExifTags.IFD.Exif) if exif else {}
        rating = _rating(exif.get(_EXIF_RATING))
        if rating is None:
            rating = _stars(exif.get(_EXIF_PERCENT))
        offset = details.get(_EXIF_OFFSET) or details.get(_EXIF_ANY_OFFSET) or ""
        taken = _seconds(f"{details.get(_EXIF_TAKEN, '')}{offset}")
        return Embedded(rating, tuple(_wide_words(exif.get(_EXIF_KEYWORDS))), taken)
    except DECODE_ERRORS:  # EXIF that can't be read says nothing
        return Embedded()


def _wide_words(value: object) -> list[str]:
    """Windows' keywords: UTF-16 with semicolons between."""
    raw = bytes(value) if isinstance(value, (bytes, tuple)) else b""
    return raw.decode("utf-16-le", errors="replace").strip("\0").split(";")


def _iptc_keywords(picture: ImageFile.ImageFile) -> list[str]:
    try:
        info = IptcImagePlugin.getiptcinfo(picture) or {}
    except DECODE_ERRORS:  # IPTC that can't be read says nothing
        return []
    words = info.get(_IPTC_KEYWORDS, [])
    is_utf8 = info.get(_IPTC_CHARSET) == b"\x1b%G"
    return [_decoded(word, is_utf8) for word in ([words] if isinstance(words, bytes) else words)]


def _decoded(word: bytes, is_utf8: bool) -> str:
    try:
        return word.decode()
    except UnicodeDecodeError:
        return word.decode(errors="replace") if is_utf8 else word.decode("latin-1")


def _seconds(text: str) -> float | None:
    match = _DATE.match(text.strip("\0 "))
    if not match:
        return None
    *numbers, zone = match.groups(default="")
    try:
        moment = datetime(*(int(number or 0) for number in numbers), tzinfo=_zone(zone))  # type: ignore[misc,arg-type]
    except ValueError:  # such as the 0000:00:00 of a camera without a clock
        return None
    return moment.timestamp()


def _zone(text: str) -> tzinfo:
    if text in ("", "Z"):
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _unique(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(clean for word in words if (clean := word.strip())))
