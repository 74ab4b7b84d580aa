"""The archive: bytes as received, named by their hash, each of them once."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearwake.archive import BLOCK_BYTES, Archive, Difference, Kept
from clearwake.model import NotFoundError

ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
"""The sha256 of 'abc'.  Source: FIPS 180-2, appendix B.1."""


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != ".incoming.lock")


def test_bytes_are_kept_under_their_hash(tmp_path: Path) -> None:
    kept = Archive(tmp_path).keep(io.BytesIO(b"abc"), "log")
    assert kept == Kept(ABC, 3, tmp_path / "archive" / "ba" / ABC, is_new=True)
    assert kept.path.read_bytes() == b"abc"
    assert Archive(tmp_path).path(ABC) == kept.path


def test_a_file_is_copied_and_left_where_it_was(tmp_path: Path) -> None:
    file = tmp_path / "day.csv"
    file.write_bytes(b"abc")
    assert Archive(tmp_path / "desk").keep(file, "day.csv").sha256 == ABC
    assert file.read_bytes() == b"abc"


def test_the_same_bytes_again_add_nothing(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    first = archive.keep(io.BytesIO(b"abc"), "log")
    written = first.path.stat()
    again = archive.keep(io.BytesIO(b"abc"), "the same log under another name")
    assert again == Kept(ABC, 3, first.path, is_new=False)
    assert again.path.stat() == written
    assert files(tmp_path) == [first.path]


@given(content=st.binary(max_size=50))
def test_any_bytes_come_back_as_they_were(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    kept = Archive(tmp_path_factory.mktemp("a")).keep(io.BytesIO(content), "log")
    assert (kept.path.read_bytes(), kept.size_bytes) == (content, len(content))


def test_more_than_one_block_is_kept_and_counted_block_by_block(tmp_path: Path) -> None:
    content = bytes(2 * BLOCK_BYTES + 7)
    told: list[int] = []
    kept = Archive(tmp_path).keep(io.BytesIO(content), "log", told.append)
    assert kept.sha256 == hashlib.sha256(content).hexdigest()
    assert told == [BLOCK_BYTES, BLOCK_BYTES, 7]


def test_kept_bytes_are_not_for_editing(tmp_path: Path) -> None:
    assert Archive(tmp_path).keep(io.BytesIO(b"abc"), "log").path.stat().st_mode & 0o222 == 0


@pytest.mark.parametrize("sha256", [ABC, "", "ab", "../../etc/passwd", ABC.upper()])
def test_bytes_that_were_never_kept_are_not_found(sha256: str, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no bytes"):
        Archive(tmp_path).path(sha256)


@pytest.mark.parametrize("name", ["absent.csv", ".", "day.csv/inside"])
def test_a_name_with_no_file_is_said_by_that_name(name: str, tmp_path: Path) -> None:
    (tmp_path / "day.csv").touch()
    with pytest.raises(NotFoundError, match="what I typed: there is no such file"):
        Archive(tmp_path / "desk").keep(tmp_path / name, "what I typed")
    assert files(tmp_path / "desk") == []


def test_a_stream_that_fails_midway_leaves_nothing(tmp_path: Path) -> None:
    class Torn(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell():
                raise ConnectionResetError
            return super().read(size)

    with pytest.raises(ConnectionResetError):
        Archive(tmp_path).keep(Torn(bytes(2 * BLOCK_BYTES)), "wire")
    assert files(tmp_path) == []


def test_verifying_an_untouched_archive_finds_nothing(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    assert list(archive.verify()) == []
    kept = [archive.keep(io.BytesIO(content), "log") for content in (b"abc", b"", b"x")]
    assert list(archive.verify(one.sha256 for one in kept)) == []


def test_verifying_finds_what_was_changed_and_what_is_missing(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    changed, missing, untouched = (
        archive.keep(io.BytesIO(content), "log") for content in (b"abd", b"x", b"y")
    )
    changed.path.chmod(0o644)
    changed.path.write_bytes(b"abc")
    missing.path.unlink()
    hashes = [one.sha256 for one in (changed, missing, untouched)]
    assert list(archive.verify(hashes)) == [Difference(changed.path, ABC), Difference(missing.path, None)]


def test_bytes_cut_short_on_disk_are_replaced_when_they_are_received_again(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    kept = archive.keep(io.BytesIO(b"abc"), "log")
    kept.path.chmod(0o644)
    kept.path.write_bytes(b"a")
    assert archive.keep(io.BytesIO(b"abc"), "log").is_new
    assert list(archive.verify()) == []


def test_a_process_killed_while_keeping_leaves_nothing_that_the_next_does_not_clear(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from clearwake.archive import Archive;"
        "Archive(Path(sys.argv[1])).keep(open(0, 'rb'), 'wire')"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(bytes(BLOCK_BYTES))
        process.stdin.flush()
        while not any((tmp_path / "archive").glob(".incoming/*")) and process.poll() is None:
            time.sleep(0.01)
        Archive(tmp_path).keep(io.BytesIO(b"abc"), "log")
        assert len(files(tmp_path)) == 2, "what a living process writes is left alone"
        os.kill(process.pid, signal.SIGKILL)
    Archive(tmp_path).keep(io.BytesIO(b"x"), "log")
    assert [path.parent.name for path in files(tmp_path)] == ["2d", "ba"]
