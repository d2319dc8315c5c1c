"""Writing a rating into an XMP sidecar without touching a byte of what else stands in it."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from xml.parsers import expat

from curator.core.errors import UserError

XMP = "http://ns.adobe.com/xap/1.0/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_DESCRIPTION = f"{RDF} Description"
_MEND = "Delete it, or give it back its content."
_NEW = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="{rdf}">
  <rdf:Description rdf:about="" xmlns:xmp="{xmp}" xmp:Rating="{rating}"/>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
"""


def new_sidecar(rating: int) -> bytes:
    """A sidecar that says nothing but the rating: 0 unrated, 1 and up as it is, -1 rejected."""
    return _NEW.format(rdf=RDF, xmp=XMP, rating=rating).encode()


def with_rating(sidecar: bytes, rating: int) -> bytes:
    """The sidecar with this xmp:Rating instead of its own, all else as it was.

    Raises UserError when it is no XMP.
    """
    data = _as_utf8(sidecar)
    places = _places(data)
    value = str(rating).encode()
    if places.ratings:
        for start, end, before, after in sorted(places.ratings, reverse=True):
            data = data[:start] + before + value + after + data[end:]
        return data
    if places.description is None:
        raise UserError("It is not an XMP file.", _MEND)
    at = places.description
    declared = f' xmlns:xmp="{XMP}" xmp:Rating="'.encode()
    if places.prefix:
        declared = f' {places.prefix}:Rating="'.encode()
    return data[:at] + declared + value + b'"' + data[at:]


@dataclass(slots=True)
class _Places:
    """Byte positions. `ratings`: the values, and what must stand before and after them.

    `description`: behind the first one's tag name.
    """

    ratings: list[tuple[int, int, bytes, bytes]] = field(default_factory=list)
    description: int | None = None
    prefix: str = ""


class _Finder:
    """Reads the document with expat, which tells at which byte each tag stands."""

    def __init__(self, data: bytes) -> None:
        self.places = _Places()
        self._data = data
        self._prefixes: list[tuple[str, str]] = []
        self._around: list[str] = []  # the elements that are open
        self._value_from: int | None = None
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartNamespaceDeclHandler = self._declared
        self._parser.EndNamespaceDeclHandler = self._undeclared
        self._parser.StartElementHandler = self._started
        self._parser.EndElementHandler = self._ended
        self._parser.StartDoctypeDeclHandler = self._refuse

    def run(self) -> None:
        self._parser.Parse(self._data, True)

    def _declared(self, prefix: str | None, uri: str) -> None:
        self._prefixes.append((prefix or "", uri))

    def _undeclared(self, _prefix: str | None) -> None:
        self._prefixes.pop()

    def _refuse(self, *_args: object) -> None:
        raise UserError("It declares a document type, which XMP never does.", "Delete it.")

    def _started(self, name: str, attributes: dict[str, str]) -> None:
        """Only what is said of the picture itself counts: others may be described inside of it."""
        start = self._parser.CurrentByteIndex
        if name == _DESCRIPTION and self._around[-1:] == [f"{RDF} RDF"]:
            self._describe(start, attributes)
        elif name == f"{XMP} Rating" and self._around[-2:] == [f"{RDF} RDF", _DESCRIPTION]:
            self._rate(start)
        self._around.append(name)

    def _rate(self, start: int) -> None:
        tag = _tag(self._data, start)
        end = start + len(tag)
        if tag.endswith(b"/>"):
            close = b"</" + _name(tag) + b">"
            self.places.ratings.append((end - len(b"/>"), end, b">", close))
        else:
            self._value_from = end

    def _describe(self, start: int, attributes: dict[str, str]) -> None:
        tag = _tag(self._data, start)
        if f"{XMP} Rating" in attributes:
            for prefix, uri in self._prefixes:
                found = re.search(rb"\s%b:Rating\s*=\s*[\"']([^\"']*)" % prefix.encode(), tag)
                if uri == XMP and found:
                    at = start + found.start(1), start + found.end(1)
                    self.places.ratings.append((*at, b"", b""))
        if self.places.description is None:
            self.places.description = start + len(b"<" + _name(tag))
            known = (p for p, uri in reversed(self._prefixes) if uri == XMP and p)
            self.places.prefix = next(known, "")

    def _ended(self, name: str) -> None:
        self._around.pop()
        if name == f"{XMP} Rating" and self._value_from is not None:
            at = self._value_from, self._parser.CurrentByteIndex
            self.places.ratings.append((*at, b"", b""))
            self._value_from = None


def _name(tag: bytes) -> bytes:
    """The name in a start tag, as it is written there."""
    name = re.match(rb"<([^\s/>]+)", tag)
    return name[1] if name else b""


def _tag(data: bytes, start: int) -> bytes:
    """A start tag, to the ">" that is in none of its values."""
    match = re.compile(rb"<(?:[^>\"']|\"[^\"]*\"|'[^']*')*>").match(data, start)
    return match[0] if match else b""


def _places(data: bytes) -> _Places:
    finder = _Finder(data)
    try:
        finder.run()
    except expat.ExpatError as error:
        raise UserError("It is not valid XML.", _MEND) from error
    return finder.places


def _as_utf8(data: bytes) -> bytes:
    """UTF-16 as UTF-8, without its byte order mark, which would move every position."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = data.decode("utf-16", errors="replace")
        return re.sub(r"(<\?xml[^>]*?)\s+encoding=([\"'])[^\"']*\2", r"\1", text).encode()
    return data.removeprefix(codecs.BOM_UTF8)
