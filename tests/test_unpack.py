"""Packed files: whatever the packing, the same bytes; cut short, an error and never a shorter file."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from clearwake.model import Received, UnreadableFileError
from clearwake.unpack import packing, refusing_damage, unpacked

ROWS = b"mmsi,time\n" * 20_000


def zipped(plain: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("day/one.csv", plain)
    return packed.getvalue()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gzip": gzip.compress,
    "zstandard": zstandard.ZstdCompressor().compress,
    "zip": zipped,
}


def contents(folder: Path, packed: bytes, name: str = "a.csv") -> list[tuple[str, bytes]]:
    path = folder / "bytes"
    path.write_bytes(packed)
    with refusing_damage(name):
        return [(called, stream.read()) for called, stream in unpacked(Received(path, name))]


@pytest.mark.parametrize("kind", PACKERS)
def test_the_packing_is_known_by_the_first_bytes_not_by_the_name(kind: str, tmp_path: Path) -> None:
    assert [plain for _, plain in contents(tmp_path, PACKERS[kind](ROWS))] == [ROWS]
    assert packing(Received(tmp_path / "bytes", "x")) == kind


@pytest.mark.parametrize("kind", ["gzip", "zstandard", "zip"])
@pytest.mark.parametrize("left_over", [0.3, 0.9, 0.999])
def test_a_packed_file_cut_short_is_refused(kind: str, left_over: float, tmp_path: Path) -> None:
    packed = PACKERS[kind](ROWS)
    with pytest.raises(UnreadableFileError, match="cut short"):
        contents(tmp_path, packed[: int(len(packed) * left_over)])


def test_a_zip_file_gives_every_file_in_it_under_its_own_name(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("folder/", "")
        file.writestr("folder/b.csv", "two")
        file.writestr("a.csv", "one")
    found = contents(tmp_path, packed.getvalue(), "day.zip")
    assert found == [("day.zip/folder/b.csv", b"two"), ("day.zip/a.csv", b"one")]


def test_an_empty_file_is_plain_and_empty(tmp_path: Path) -> None:
    assert contents(tmp_path, b"") == [("a.csv", b"")]


@given(frames=st.lists(st.binary(max_size=300), min_size=1, max_size=5))
def test_zstandard_frames_in_a_row_read_as_one(
    frames: list[bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    packed = b"".join(zstandard.ZstdCompressor().compress(frame) for frame in frames)
    assert contents(tmp_path_factory.mktemp("z"), packed) == [("a.csv", b"".join(frames))]
