"""What lies inside a received file: whatever the packing, the same bytes; damaged, an error."""

from __future__ import annotations

import gzip
import io
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from clearwake.model import Received, UnreadableFileError
from clearwake.unpack import contents, laid_down
from clearwake.unpack.zstandard_frames import FrameFollower

ROWS = b"mmsi,time\n" * 20_000


def zipped(plain: bytes, name: str = "2020/day.csv", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        archive.writestr("2020/", "")
        archive.writestr(name, plain)
        archive.writestr("__MACOSX/._day.csv", b"litter")
    return packed.getvalue()


def zst(plain: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(plain)


PACKED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "plain": (bytes, "a"),
    "gzip": (gzip.compress, "a"),
    "zstandard": (zst, "a"),
    "two zstandard frames": (lambda plain: zst(plain[:9]) + zst(plain[9:]), "a"),
    "zip": (zipped, "a!2020/day.csv"),
    "gzip in zip": (lambda plain: zipped(gzip.compress(plain)), "a!2020/day.csv"),
    "zstandard in zip": (lambda plain: zipped(zst(plain)), "a!2020/day.csv"),
    "zip in gzip": (lambda plain: gzip.compress(zipped(plain)), "a!2020/day.csv"),
    "zip in zip": (lambda plain: zipped(zipped(plain), "all.zip"), "a!all.zip!2020/day.csv"),
}


def unpacked(folder: Path, packed: bytes) -> list[tuple[str, bytes]]:
    path = folder / "bytes"
    path.write_bytes(packed)
    return [(each.origin, each.stream.read()) for each in contents(Received(path, "a"))]


@pytest.mark.parametrize("kind", PACKED)
def test_the_packing_is_told_by_the_bytes_and_members_keep_their_names(kind: str, tmp_path: Path) -> None:
    pack, origin = PACKED[kind]
    assert unpacked(tmp_path, pack(ROWS)) == [(origin, ROWS)]


@pytest.mark.parametrize("kind", ["gzip", "zstandard", "zip", "gzip in zip", "zip in gzip", "zip in zip"])
@pytest.mark.parametrize("share", [0.3, 0.7, 0.99])
def test_a_packed_file_cut_short_is_refused(kind: str, share: float, tmp_path: Path) -> None:
    packed = PACKED[kind][0](ROWS)
    with pytest.raises(UnreadableFileError, match="cut short"):
        unpacked(tmp_path, packed[: int(len(packed) * share)])


def test_a_file_without_its_last_byte_is_refused_whatever_the_packing(tmp_path: Path) -> None:
    for pack in (gzip.compress, zst):
        with pytest.raises(UnreadableFileError, match="cut short"):
            unpacked(tmp_path, pack(ROWS)[:-1])


def test_a_damaged_byte_in_the_middle_is_noticed_by_the_checksum(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(ROWS))
    packed[len(packed) // 2] ^= 0xFF
    with pytest.raises(UnreadableFileError) as refused:
        unpacked(tmp_path, bytes(packed))
    assert refused.value.where == "a"
    assert "damaged" in refused.value.found
    assert refused.value.do_next == "fetch the file again from its publisher"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "an empty file"),
        (b"\xef\xbb\xbf \r\n\t\n", "nothing but blanks"),
        (b"\n<!DOCTYPE html><html><body>404</body></html>", "a web page"),
        (b"<!-- cached --><html></html>", "a web page"),
        (b'<?xml version="1.0"?><html xmlns="x"></html>', "a web page"),
        (b"%PDF-1.7 ...", "a PDF document"),
        ("mmsi,time\n".encode("utf-16"), "UTF-16 text"),
        (b"BZh91AY&SY", "a bzip2 archive"),
    ],
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress, zipped])
def test_what_is_plainly_something_else_is_refused_also_when_packed(
    content: bytes, found: str, pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    with pytest.raises(UnreadableFileError, match=found):
        unpacked(tmp_path, pack(content))


def test_a_workbook_is_no_archive_of_tables(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="an Excel workbook"):
        unpacked(tmp_path, zipped(b"<Types/>", "[Content_Types].xml"))


def test_an_archive_with_nothing_in_it_is_refused(tmp_path: Path) -> None:
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w"):
        pass
    with pytest.raises(UnreadableFileError, match="no file in it"):
        unpacked(tmp_path, empty.getvalue())


def test_members_packed_in_a_way_that_unpacks_without_bounds_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="compression method 12"):
        unpacked(tmp_path, zipped(ROWS, method=zipfile.ZIP_BZIP2))


def test_packings_inside_one_another_end_somewhere(tmp_path: Path) -> None:
    packed = ROWS
    for _ in range(5):
        packed = gzip.compress(packed)
    with pytest.raises(UnreadableFileError, match="more than 4 packings"):
        unpacked(tmp_path, packed)


@pytest.mark.parametrize("pack", [gzip.compress, zst, zipped])
def test_a_small_file_that_unpacks_to_much_costs_no_memory(
    pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(pack(b"0" * (50 << 20)))
    total = 0
    tracemalloc.start()
    for each in contents(Received(path, "a")):
        while piece := each.stream.read(1 << 20):
            total += len(piece)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert total == 50 << 20
    assert most < 10 << 20


def test_a_file_that_is_not_there_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="No such file"):
        list(contents(Received(tmp_path / "nothing", "a")))


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zipped])
def test_a_content_can_be_laid_down_as_a_file_on_disk(pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    plain, path = io.BytesIO(), tmp_path / "bytes"
    pl.DataFrame({"mmsi": [1]}).write_parquet(plain)
    path.write_bytes(pack(plain.getvalue()))
    for each in contents(Received(path, "a")):
        assert each.is_parquet
        with laid_down(each) as file:
            assert Path(file.name).read_bytes() == plain.getvalue()
            assert (Path(file.name) == path) == (pack is bytes)


@given(
    frames=st.lists(st.binary(max_size=300), min_size=1, max_size=4),
    checksum=st.sampled_from([0, 1]),
    cuts=st.lists(st.integers(0, 2000), max_size=5),
)
def test_the_end_of_a_frame_is_known_wherever_the_bytes_are_cut(
    frames: list[bytes],
    checksum: int,
    cuts: list[int],
) -> None:
    compressor = zstandard.ZstdCompressor(write_checksum=bool(checksum))
    packed = b"".join(compressor.compress(frame * 100) for frame in frames)
    skippable = b"\x50\x2a\x4d\x18\x03\x00\x00\x00abc"
    whole, follower, last = packed + skippable, FrameFollower(), 0
    for cut in [*sorted(min(each, len(whole)) for each in cuts), len(whole)]:
        follower.feed(whole[last:cut])
        last = cut
    assert follower.is_complete
    short = FrameFollower()
    short.feed(packed[:-1])
    assert not short.is_complete
