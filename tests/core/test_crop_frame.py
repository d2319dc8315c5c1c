"""A crop while it is drawn: it stays inside the picture and keeps its ratio."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from curator.core.crop_frame import HANDLES, CropFrame, Subject, nearest_ratios, proposals
from curator.core.geometry import Box, Size
from trainer.buckets import BucketRule

SIDES = st.integers(1, 2000)
SIZES = st.tuples(SIDES, SIDES)
RATIOS = st.sampled_from([None, (1, 1), (2, 3), (16, 9), (512, 768)])
AT = st.floats(-3000, 3000)


def inside(frame: CropFrame) -> bool:
    box = frame.box
    return 0 <= box.left < box.right <= frame.size[0] and 0 <= box.top < box.bottom <= frame.size[1]


def keeps(frame: CropFrame) -> bool:
    """Whether the sides differ by no more than rounding from the ratio, or are one pixel."""
    if frame.ratio is None:
        return True
    (width, height), (wide, high) = frame.box.size, frame.ratio
    longer = max(wide, high) / min(wide, high)
    return abs(width * high - height * wide) <= max(wide, high) * (1 + longer) / 2 + 1e-6


@given(
    SIZES,
    RATIOS,
    st.lists(
        st.one_of(
            st.tuples(st.just("pull"), st.sampled_from(HANDLES), AT, AT),
            st.tuples(st.just("move"), st.integers(-99, 99), st.integers(-99, 99)),
            st.tuples(st.just("grow"), st.integers(-99, 99), st.integers(-99, 99)),
            st.tuples(st.just("ratio"), RATIOS),
        ),
        max_size=8,
    ),
)
def test_whatever_is_done_the_box_stays_inside_and_keeps_its_ratio(
    size: Size, ratio: Size | None, doings: list[tuple[object, ...]]
) -> None:
    frame = CropFrame.whole(size, ratio)
    for what, *values in doings:
        if what == "pull":
            frame = frame.pulled(*values)  # type: ignore[arg-type]
        elif what == "move":
            before = frame.box.size
            frame = frame.moved(*values)  # type: ignore[arg-type]
            assert frame.box.size == before
        elif what == "grow":
            frame = frame.grown(*values)  # type: ignore[arg-type]
        else:
            frame = frame.with_ratio(*values)  # type: ignore[arg-type]
        assert inside(frame)
        assert keeps(frame)


def test_a_corner_is_pulled_and_the_opposite_one_stays() -> None:
    frame = CropFrame.whole((160, 120)).pulled((1, 1), 100.4, 80.6)
    assert frame.box == Box(0, 0, 100, 81)
    assert frame.pulled((-1, -1), 20, 30).box == Box(20, 30, 100, 81)
    assert frame.pulled((0, -1), 500, 30).box == Box(0, 30, 100, 81)


def test_an_edge_never_passes_the_other() -> None:
    frame = CropFrame((160, 120), Box(20, 20, 60, 60))
    assert frame.pulled((1, 0), 3, 0).box == Box(20, 20, 21, 60)
    assert frame.pulled((-1, 0), 99, 0).box == Box(59, 20, 60, 60)


def test_with_a_ratio_the_other_side_follows() -> None:
    frame = CropFrame((300, 200), Box(100, 50, 200, 100), (2, 1))
    assert frame.pulled((1, 1), 240, 60).box == Box(100, 50, 240, 120)
    assert frame.pulled((0, 1), 0, 120).box == Box(80, 50, 220, 120)
    assert frame.pulled((1, 1), 900, 900).box == Box(100, 50, 300, 150)


def test_a_ratio_is_taken_about_the_middle_with_the_same_area() -> None:
    frame = CropFrame((1000, 1000), Box(400, 400, 600, 600)).with_ratio((1, 4))
    assert frame.box == Box(450, 300, 550, 700)
    assert CropFrame.whole((160, 120)).with_ratio((1, 1)).box == Box(20, 0, 140, 120)


def test_it_is_moved_as_far_as_the_picture_goes() -> None:
    frame = CropFrame((100, 100), Box(10, 10, 60, 60))
    assert frame.moved(-50, 5).box == Box(0, 15, 50, 65)
    assert frame.moved(500, 500).box == Box(50, 50, 100, 100)


def test_the_next_picture_gets_the_same_part() -> None:
    first = CropFrame((200, 100), Box(50, 0, 150, 100), (1, 1))
    assert CropFrame.whole((400, 200)).framed_like(first).box == Box(100, 0, 300, 200)
    other = CropFrame.whole((400, 400)).framed_like(first)
    assert other.box.size == (200, 200)
    assert other.ratio == (1, 1)


def test_the_bucket_of_the_pictures_own_shape_comes_first() -> None:
    rule = BucketRule()
    assert nearest_ratios((600, 600), rule)[0] == (512, 512)
    assert nearest_ratios((400, 600), rule)[0] == (384, 640)
    assert len(nearest_ratios((400, 600), rule)) == 17


def test_a_face_proposes_all_the_upper_body_and_the_head() -> None:
    frame = CropFrame.whole((1000, 1500))
    names = dict(proposals((0.4, 0.1, 0.2, 0.1), frame))
    assert list(names) == ["full", "upper body", "head"]
    head = names["head"]
    assert head.left < 400 < 600 < head.right
    assert head.top < 150 < 300 < head.bottom
    assert names["upper body"].size[1] > head.size[1]


@given(
    SIZES,
    RATIOS,
    st.tuples(*[st.floats(0, 1)] * 4),
)
def test_proposals_lie_inside_whatever_the_face(
    size: Size, ratio: Size | None, face: tuple[float, float, float, float]
) -> None:
    frame = CropFrame.whole(size, ratio)
    for _name, box in proposals(face, frame):
        assert inside(CropFrame(size, box))


EDGES = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted)


@given(SIZES, RATIOS, EDGES, EDGES)
def test_proposals_about_a_subject_lie_inside(
    size: Size, ratio: Size | None, across: list[float], down: list[float]
) -> None:
    subject = Subject(across[0], down[0], across[1], down[1], (across[0], down[0], 0.1, 0.1))
    frame = CropFrame.whole(size, ratio)
    for _name, box in proposals(subject.face, frame, subject):
        assert inside(CropFrame(size, box))


def test_full_holds_the_subject_and_a_little_around_it_and_has_the_ratio() -> None:
    subject = Subject(0.4, 0.3, 0.6, 0.7, (0.45, 0.3, 0.1, 0.1))
    full = dict(proposals(subject.face, CropFrame.whole((1000, 1000)), subject))["full"]
    assert full == Box(380, 280, 620, 720)
    square = dict(proposals(subject.face, CropFrame.whole((1000, 1000), (1, 1)), subject))["full"]
    assert square == Box(280, 280, 720, 720)


def test_of_what_lies_only_the_whole_is_proposed() -> None:
    subject = Subject(0.1, 0.4, 0.9, 0.7, (0.4, 0.4, 0.1, 0.1))
    found = proposals(subject.face, CropFrame.whole((1000, 1000)), subject)
    assert [name for name, _box in found] == ["full"]
