"""Ratings in XMP sidecars, read and written without touching the rest."""

import pytest
from defusedxml import ElementTree

from curator.core.errors import UserError
from curator.core.xmp import new_sidecar, with_rating
from curator.imaging.metadata import parse_xmp


def rating_in(data: bytes) -> int | None:
    return parse_xmp(data).rating


RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
NS = 'xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
ADOBE = (
    f'<?xpacket begin="" id="x"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><!-- mine --><rdf:RDF {RDF}>\n'
    f'<rdf:Description rdf:about="" {NS} xmlns:ms="http://ns.microsoft.com/photo/1.0/"\n'
    '   ms:Rating="75" xmp:Rating = \'3\' xmp:Label="Réd &gt; &lt;"><ms:Odd>4</ms:Odd>\n'
    '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>\n'
)
ELEMENT = (
    f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF {RDF}><rdf:Description about="a>b">'
    f'<xap:Rating xmlns:xap="http://ns.adobe.com/xap/1.0/"> 4 </xap:Rating><other>5</other>'
    "</rdf:Description></rdf:RDF></x:xmpmeta>"
)
BARE = (
    f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF {RDF}>'
    '<rdf:Description rdf:about="Rating"/></rdf:RDF></x:xmpmeta>'
)


@pytest.mark.parametrize("rating", [-1, 0, 1, 2, 5])
def test_a_new_sidecar_holds_its_rating(rating: int):
    data = new_sidecar(rating)
    ElementTree.fromstring(data)
    assert rating_in(data) == rating
    assert with_rating(data, 2) == new_sidecar(2)


def test_an_attribute_is_replaced_and_every_other_byte_stays():
    data = ADOBE.encode()
    assert rating_in(data) == 3
    assert with_rating(data, -1) == data.replace(b"'3'", b"'-1'")


def test_an_element_is_replaced_and_every_other_byte_stays():
    data = b"\xef\xbb\xbf" + ELEMENT.encode()
    assert rating_in(data) == 4
    assert with_rating(data, 1) == ELEMENT.encode().replace(b"> 4 <", b">1<")


def test_a_rating_is_added_where_there_was_none():
    assert rating_in(BARE.encode()) is None
    data = with_rating(BARE.encode(), 2)
    assert rating_in(data) == 2
    described = ElementTree.fromstring(data)[0][0]
    assert described.attrib == {
        "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about": "Rating",
        "{http://ns.adobe.com/xap/1.0/}Rating": "2",
    }


def test_an_empty_element_is_filled():
    data = ELEMENT.replace("> 4 </xap:Rating>", " />").encode()
    assert rating_in(with_rating(data, 2)) == 2
    assert b"></xap:Rating><other>5" in with_rating(data, 2).replace(b">2<", b"><")


def test_the_ratings_of_other_pictures_that_are_described_inside_stay():
    pantry = (
        '<mm:Pantry xmlns:mm="http://ns.adobe.com/xap/1.0/mm/"><rdf:Bag><rdf:li>'
        f'<rdf:Description {NS} xmp:Rating="5"/></rdf:li><rdf:li {NS} rdf:parseType="Resource">'
        "<xmp:Rating>4</xmp:Rating></rdf:li></rdf:Bag></mm:Pantry>"
    )
    data = ADOBE.replace("</rdf:Description>", f"{pantry}</rdf:Description>").encode()
    assert with_rating(data, 1) == data.replace(b"'3'", b"'1'")
    assert rating_in(data) == 3


def test_a_prefix_that_is_declared_already_is_used():
    data = (
        ADOBE.replace("xmp:Rating = '3'", "")
        .replace("xmp:", "adobe:")
        .replace("xmlns:xmp", "xmlns:adobe")
    )
    changed = with_rating(data.encode(), 1)
    ElementTree.fromstring(changed)
    assert rating_in(changed) == 1
    assert b'adobe:Rating="1"' in changed


def test_utf_16_sidecars_are_understood():
    data = ('<?xml version="1.0" encoding="UTF-16"?>' + ADOBE).encode("utf-16")
    assert rating_in(data) == 3
    changed = with_rating(data, 2)
    ElementTree.fromstring(changed)
    assert "Réd".encode() in changed


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no xml",
        b"<html></html>",
        BARE.encode()[:-10],
        b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
    ],
)
def test_what_is_no_xmp_is_refused(data: bytes):
    with pytest.raises(UserError):
        with_rating(data, 1)
