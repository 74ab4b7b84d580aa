"""Fetching, against a publisher on this machine that serves the same formats and fails in the same ways."""

from __future__ import annotations

import base64
import fcntl
import hashlib
import io
import json
import random
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import zstandard

from clearwake.fetch import PUBLISHERS, Fetched, NotFetchedError, Progress, fetch
from clearwake.model import NotFoundError, UnreadableFileError, UsageError

DAY = date(2024, 3, 5)
ROWS = "MMSI,BaseDateTime,LAT,LON\n" + "".join(
    f"{mmsi},2024-03-05T00:00:00,{mmsi / 1e7},{-mmsi / 3e7}\n"
    for mmsi in random.Random(1).sample(range(200_000_000, 776_000_000), 20_000)  # noqa: S311 - not a secret
)
OFAC = b"""<?xml version="1.0" standalone="yes"?>
<sdnList xmlns="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/XML">
<publshInformation><Publish_Date>03/05/2024</Publish_Date></publshInformation></sdnList>"""
UN = b'<?xml version="1.0" encoding="UTF-8"?><CONSOLIDATED_LIST dateGenerated="2024-03-05"></CONSOLIDATED_LIST>'
EU = '\ufeff<?xml version="1.0" encoding="UTF-8"?><export generationDate="2024-03-05"/>'.encode()


def zipped(name: str = "AIS_2024_03_05.csv", text: str = ROWS) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, text)
    return packed.getvalue()


ZIP = zipped()


@dataclass
class Answer:
    """What to answer to one request for a path."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    etag: str | None = '"1"'
    breaks_after: int | None = None
    """Close the connection after so many bytes of the body."""
    is_measured: bool = True
    """Whether the length is said."""
    takes_ranges: bool = True


class LocalPublisher(ThreadingHTTPServer):
    """Serves files by path, one answer after another and the last for ever; notes what was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, list[Answer]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.address = f"http://127.0.0.1:{self.server_port}"

    def next_answer(self, path: str) -> Answer:
        answers = self.files.get(path, [Answer(b"<html>no</html>", 404)])
        return answers.pop(0) if len(answers) > 1 else answers[0]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: LocalPublisher

    def log_message(self, *_given: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.server.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        told = self.server.next_answer(self.path)
        if told.etag and self.headers.get("If-None-Match") == told.etag and told.status == 200:
            self.send(told, 304, b"", {})
            return
        begins, size = self.begins(told), len(told.body)
        if 0 < size <= begins:
            self.send(told, 416, b"", {"Content-Range": f"bytes */{size}"})
        elif begins:
            self.send(told, 206, told.body[begins:], {"Content-Range": f"bytes {begins}-{size - 1}/{size}"})
        else:
            self.send(told, told.status, told.body, {})

    def begins(self, told: Answer) -> int:
        asked = self.headers.get("Range")
        if asked is None or not told.takes_ranges or self.headers.get("If-Range") != told.etag:
            return 0
        return int(asked.removeprefix("bytes=").removesuffix("-"))

    def send(self, told: Answer, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response_only(status)
        said = {"ETag": told.etag} if told.etag else {}
        if told.is_measured:
            said["Content-Length"] = str(len(body))
        for name, value in (said | headers | told.headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[: told.breaks_after])
        self.close_connection = told.breaks_after is not None or not told.is_measured


@contextmanager
def published() -> Iterator[LocalPublisher]:
    """Serve files on the loopback interface while the block lasts."""
    with LocalPublisher() as publisher:
        serving = threading.Thread(target=publisher.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        yield publisher
        publisher.shutdown()
        serving.join()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def serving() -> Iterator[LocalPublisher]:
    with published() as publisher:
        yield publisher


SECRET = "s cret"  # noqa: S105 - nobody's


class Desk:
    """Fetches into one folder from the local publisher, noting the waits instead of waiting."""

    def __init__(self, folder: Path, publisher: LocalPublisher) -> None:
        self.folder, self.publisher = folder, publisher
        self.token: str | None = None
        self.waits: list[float] = []
        self.progress: list[Progress] = []

    def fetch(self, name: str, day: date | None = None, **addresses: str) -> Fetched:
        wanted = {key.replace("_", "."): self.publisher.address + value for key, value in addresses.items()}
        if self.token:
            wanted[f"{name}.token"] = self.token
        (fetched,) = fetch(name, self.folder, day, wanted, self.progress.append, 0.5, self.waits.append)
        return fetched

    def noaa(self) -> Fetched:
        return self.fetch("noaa", DAY, noaa="/{day:%Y}/AIS_{day:%Y_%m_%d}.zip")

    def serve(self, *answers: Answer) -> None:
        self.publisher.files["/2024/AIS_2024_03_05.zip"] = list(answers)

    def files(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir() if not path.name.startswith("."))


@pytest.fixture
def desk(tmp_path: Path, serving: LocalPublisher) -> Desk:
    return Desk(tmp_path / "fetched", serving)


def test_a_day_is_fetched_whole_hashed_and_named_as_the_publisher_names_it(desk: Desk) -> None:
    modified = "Wed, 06 Mar 2024 08:00:00 GMT"
    desk.serve(Answer(ZIP, headers={"Last-Modified": modified}))
    fetched = desk.noaa()
    assert fetched == Fetched(
        path=desk.folder / "AIS_2024_03_05.zip",
        url=desk.publisher.address + "/2024/AIS_2024_03_05.zip",
        sha256=hashlib.sha256(ZIP).hexdigest(),
        size_bytes=len(ZIP),
        etag='"1"',
        last_modified=modified,
        fetched_from_byte=0,
        covers="day",
        is_new=True,
        note=None,
    )
    assert fetched.path.read_bytes() == ZIP
    assert desk.files() == ["AIS_2024_03_05.zip"]
    assert desk.progress[-1] == Progress("AIS_2024_03_05.zip", len(ZIP), len(ZIP))
    assert desk.waits == []


def test_the_publisher_is_told_who_asks(desk: Desk) -> None:
    desk.serve(Answer(ZIP))
    desk.noaa()
    assert desk.publisher.asked[0][1]["user-agent"].startswith("clearwake/")


def test_days_of_2025_and_later_are_fetched_as_zstandard(desk: Desk) -> None:
    packed = zstandard.ZstdCompressor().compress(ROWS.encode())
    desk.publisher.files["/ais-2025-01-02.csv.zst"] = [Answer(packed)]
    fetched = desk.fetch("noaa", date(2025, 1, 2), noaa="/gone.zip", noaa_zst="/ais-{day:%Y-%m-%d}.csv.zst")
    assert (fetched.path.name, fetched.path.read_bytes()) == ("ais-2025-01-02.csv.zst", packed)
    assert desk.waits == [0.5], "one pause between the two requests"


def test_a_danish_day_that_is_not_there_alone_comes_with_its_month_and_says_so(desk: Desk) -> None:
    desk.publisher.files["/2024/aisdk-2024-03.zip"] = [Answer(zipped("aisdk-2024-03-05.csv"))]
    fetched = desk.fetch(
        "dma",
        DAY,
        dma="/aisdk-{day:%Y-%m-%d}.zip",
        dma_month="/{day:%Y}/aisdk-{day:%Y-%m}.zip",
    )
    assert [path for path, _ in desk.publisher.asked] == ["/aisdk-2024-03-05.zip", "/2024/aisdk-2024-03.zip"]
    assert (fetched.path.name, fetched.covers) == ("aisdk-2024-03.zip", "month")
    assert (
        fetched.note
        == "the publisher has no file of 2024-03-05 alone; aisdk-2024-03.zip holds the whole month"
    )


def test_a_danish_day_that_is_there_alone_comes_alone(desk: Desk) -> None:
    desk.publisher.files["/aisdk-2024-03-05.zip"] = [Answer(zipped("aisdk-2024-03-05.csv"))]
    fetched = desk.fetch("dma", DAY, dma="/aisdk-{day:%Y-%m-%d}.zip", dma_month="/never.zip")
    assert (fetched.covers, fetched.note, len(desk.publisher.asked)) == ("day", None, 1)


@pytest.mark.parametrize(
    ("name", "path", "body", "kept_as"),
    [
        ("ofac", "/exports/SDN.XML", OFAC, "SDN.XML"),
        ("un", "/resources/xml/en/consolidated.xml", UN, "un-consolidated.xml"),
    ],
)
def test_the_latest_edition_of_a_list_is_fetched(
    name: str, path: str, body: bytes, kept_as: str, desk: Desk
) -> None:
    desk.publisher.files[path] = [Answer(body)]
    fetched = desk.fetch(name, None, **{name: path})
    assert (fetched.path.name, fetched.path.read_bytes(), fetched.covers) == (kept_as, body, "edition")


def test_the_token_is_sent_but_never_shown(desk: Desk) -> None:
    desk.publisher.files["/files/content?token=s%20cret"] = [Answer(EU)]
    desk.token = SECRET
    fetched = desk.fetch("eu", eu="/files/content?token={token}")
    assert fetched.url == desk.publisher.address + "/files/content?token=..."
    assert fetched.path.name == "eu-consolidated.xml"
    assert all("cret" not in path.read_text() for path in desk.folder.iterdir())


def test_a_wrong_token_is_said_to_be_one_and_is_not_shown(desk: Desk) -> None:
    desk.publisher.files["/content?token=s%20cret"] = [Answer(b"no", 403)]
    desk.token = SECRET
    with pytest.raises(NotFetchedError, match="see that the token is right") as refused:
        desk.fetch("eu", eu="/content?token={token}")
    assert "cret" not in str(refused.value)


def test_without_a_token_the_eu_is_not_asked(desk: Desk) -> None:
    with pytest.raises(UsageError, match=r"set eu\.token"):
        fetch("eu", desk.folder)


def test_days_and_editions_are_not_mixed_up(desk: Desk) -> None:
    with pytest.raises(UsageError, match="say which day"):
        fetch("noaa", desk.folder)
    with pytest.raises(UsageError, match="leave the day out"):
        fetch("un", desk.folder, DAY)
    with pytest.raises(NotFoundError, match="name one of noaa, dma, ofac, un, eu"):
        fetch("lloyds", desk.folder)
    with pytest.raises(UsageError, match="cannot be filled in"):
        fetch("un", desk.folder, None, {"un": "http://127.0.0.1/{edition}.xml"})


def test_a_file_that_broke_off_is_gone_on_from_there_in_the_same_run(desk: Desk) -> None:
    desk.serve(Answer(ZIP, breaks_after=100_000), Answer(ZIP))
    fetched = desk.noaa()
    assert fetched.path.read_bytes() == ZIP
    (_, first), (_, second) = desk.publisher.asked
    begun = int(second["range"].removeprefix("bytes=").removesuffix("-"))
    assert "range" not in first
    assert second["if-range"] == '"1"'
    assert 0 < begun <= 100_000
    assert fetched.fetched_from_byte == begun
    assert desk.waits == [2.0, 0.5]


def test_a_file_that_broke_off_is_gone_on_from_there_in_a_later_run(desk: Desk) -> None:
    desk.serve(Answer(ZIP, breaks_after=100_000), Answer(status=503, etag=None))
    with pytest.raises(NotFetchedError, match=r"503 Service Unavailable \(6 attempts\)") as failed:
        desk.noaa()
    assert "kept and gone on from" in failed.value.do_next
    assert desk.waits == [2.0, 0.5, 4.0, 0.5, 8.0, 0.5, 16.0, 0.5, 32.0, 0.5]
    assert desk.files() == ["AIS_2024_03_05.zip.part"]
    desk.serve(Answer(ZIP))
    fetched = desk.noaa()
    assert fetched.fetched_from_byte > 0
    assert fetched.path.read_bytes() == ZIP
    assert desk.files() == ["AIS_2024_03_05.zip"]


def test_a_file_that_came_whole_but_was_not_yet_named_is_not_asked_for_again(desk: Desk) -> None:
    desk.serve(Answer(ZIP, breaks_after=100_000), Answer(status=503, etag=None))
    with pytest.raises(NotFetchedError):
        desk.noaa()
    (desk.folder / "AIS_2024_03_05.zip.part").write_bytes(ZIP)
    desk.publisher.asked.clear()
    assert desk.noaa().sha256 == hashlib.sha256(ZIP).hexdigest()
    assert desk.publisher.asked == []


def test_a_file_changed_by_the_publisher_midway_is_begun_again(desk: Desk) -> None:
    other = zipped(text=ROWS + "201000000,2024-03-05T00:00:00,1,1\n")
    desk.serve(Answer(ZIP, breaks_after=100_000), Answer(other, etag='"2"'))
    fetched = desk.noaa()
    assert fetched.path.read_bytes() == other
    assert (fetched.fetched_from_byte, fetched.etag) == (0, '"2"')


def test_a_rest_of_another_file_is_not_joined_to_what_came(desk: Desk) -> None:
    lying = Answer(ZIP, 206, {"Content-Range": f"bytes 5-{len(ZIP)}/{len(ZIP) + 1}"}, takes_ranges=False)
    desk.serve(Answer(ZIP, breaks_after=100_000), lying, Answer(ZIP))
    fetched = desk.noaa()
    assert (fetched.fetched_from_byte, fetched.path.read_bytes()) == (0, ZIP)


def test_a_publisher_that_cannot_resume_is_asked_for_the_whole_again(desk: Desk) -> None:
    desk.serve(Answer(ZIP, breaks_after=100_000), Answer(ZIP, takes_ranges=False))
    assert desk.noaa().path.read_bytes() == ZIP


def test_without_a_strong_validator_nothing_is_resumed(desk: Desk) -> None:
    desk.serve(Answer(ZIP, etag='W/"1"', breaks_after=100_000), Answer(ZIP, etag='W/"1"'))
    assert desk.noaa().fetched_from_byte == 0
    assert all("range" not in headers for _, headers in desk.publisher.asked)


def test_a_file_now_shorter_than_what_came_of_it_is_begun_again(desk: Desk) -> None:
    desk.serve(Answer(ZIP, breaks_after=100_000), Answer(zipped(text="a\n"), status=200), Answer(ZIP))
    assert desk.noaa().path.read_bytes() == ZIP


def test_too_many_requests_are_waited_out_as_long_as_the_publisher_asks(desk: Desk) -> None:
    dated = {"Retry-After": "Wed, 06 Mar 2024 08:01:30 GMT", "Date": "Wed, 06 Mar 2024 08:00:00 GMT"}
    desk.serve(
        Answer(status=429, headers={"Retry-After": "7"}), Answer(status=503, headers=dated), Answer(ZIP)
    )
    assert desk.noaa().path.read_bytes() == ZIP
    assert desk.waits[0] == 7.0
    assert desk.waits[2] == 90.0


def test_a_publisher_that_asks_for_a_long_wait_is_left_alone(desk: Desk) -> None:
    desk.serve(Answer(status=429, headers={"Retry-After": "3600"}))
    with pytest.raises(NotFetchedError, match="try again in 60 minutes"):
        desk.noaa()
    assert (desk.waits, len(desk.publisher.asked)) == ([], 1)


def test_a_file_that_is_not_there_is_said_not_to_be_there(desk: Desk) -> None:
    with pytest.raises(NotFetchedError, match=r"AIS_2024_03_05.zip answered 404 Not Found") as absent:
        desk.noaa()
    assert absent.value.read_as == "the file for 2024-03-05"
    assert (desk.files(), desk.waits) == ([], [])


def test_a_publisher_that_cannot_be_reached_is_asked_a_few_times(desk: Desk, tmp_path: Path) -> None:
    with published() as gone:
        address = gone.address
    with pytest.raises(NotFetchedError, match=r"\(6 attempts\)"):
        fetch("un", tmp_path, None, {"un": address + "/un.xml"}, None, 0, desk.waits.append)
    assert sum(desk.waits) == 62.0


def test_an_address_of_an_unknown_kind_is_not_tried_twice(desk: Desk) -> None:
    with pytest.raises(NotFetchedError, match="correct the address"):
        fetch("un", desk.folder, None, {"un": "gopher://127.0.0.1/un.xml"}, None, 0, desk.waits.append)
    assert desk.waits == []


def test_a_web_page_served_as_the_file_is_refused_and_its_title_shown(desk: Desk) -> None:
    desk.serve(Answer(b"\n<!DOCTYPE html><html><head><title>\nDown for maintenance</title></head></html>"))
    with pytest.raises(UnreadableFileError) as refused:
        desk.noaa()
    assert refused.value.found == "a web page, 'Down for maintenance'"
    assert refused.value.read_as == "a zip file"
    assert desk.files() == []


@pytest.mark.parametrize("length", [len(ZIP) // 2, len(ZIP) - 10])
def test_a_zip_file_that_the_publisher_itself_has_cut_short_is_refused(length: int, desk: Desk) -> None:
    desk.serve(Answer(ZIP[:length]))
    with pytest.raises(UnreadableFileError, match="cut short"):
        desk.noaa()
    assert desk.files() == []


def test_a_zip_file_with_a_damaged_byte_is_refused(desk: Desk) -> None:
    middle = len(ZIP) // 2
    desk.serve(Answer(ZIP[:middle] + bytes([ZIP[middle] ^ 1]) + ZIP[middle + 1 :]))
    with pytest.raises(UnreadableFileError):
        desk.noaa()
    assert desk.files() == []


def test_a_file_that_ends_early_without_a_length_having_been_said_is_refused(desk: Desk) -> None:
    desk.serve(Answer(ZIP, is_measured=False, breaks_after=len(ZIP) // 2))
    with pytest.raises(UnreadableFileError, match="cut short"):
        desk.noaa()


def test_a_whole_file_without_a_length_having_been_said_is_kept(desk: Desk) -> None:
    desk.serve(Answer(ZIP, is_measured=False))
    assert desk.noaa().path.read_bytes() == ZIP
    assert desk.progress[-1].total_bytes is None


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (UN[:-9], "no element found|unclosed token"),
        (b"", "an empty file"),
        (OFAC, "<sdnList>"),
        (b"day,name\n1,A\n", "syntax error"),
        (
            b'<!DOCTYPE l [<!ENTITY a "b">]><CONSOLIDATED_LIST>&a;</CONSOLIDATED_LIST>',
            "an entity of its own, 'a'",
        ),
    ],
)
def test_what_is_not_the_list_is_refused_whole(body: bytes, found: str, desk: Desk) -> None:
    desk.publisher.files["/un.xml"] = [Answer(body)]
    with pytest.raises(UnreadableFileError, match=found):
        desk.fetch("un", un="/un.xml")
    assert desk.files() == []


def test_the_last_good_file_stays_when_the_next_is_broken(desk: Desk) -> None:
    desk.publisher.files["/un.xml"] = [Answer(UN), Answer(UN[:-9], etag='"2"')]
    good = desk.fetch("un", un="/un.xml")
    with pytest.raises(UnreadableFileError):
        desk.fetch("un", un="/un.xml")
    assert good.path.read_bytes() == UN


def test_a_file_that_has_not_changed_is_not_sent_again(desk: Desk) -> None:
    desk.serve(Answer(ZIP))
    first, again = desk.noaa(), desk.noaa()
    assert desk.publisher.asked[1][1]["if-none-match"] == '"1"'
    assert (again.sha256, again.is_new, first.is_new) == (first.sha256, False, True)


def test_a_file_that_was_changed_here_is_fetched_again(desk: Desk) -> None:
    desk.serve(Answer(ZIP))
    desk.noaa().path.write_bytes(b"edited")
    assert desk.noaa().path.read_bytes() == ZIP


def test_a_new_edition_takes_the_place_of_the_old(desk: Desk) -> None:
    newer = UN.replace(b"03-05", b"03-12")
    desk.publisher.files["/un.xml"] = [Answer(UN), Answer(newer, etag='"2"')]
    desk.fetch("un", un="/un.xml")
    fetched = desk.fetch("un", un="/un.xml")
    assert (fetched.path.read_bytes(), fetched.is_new) == (newer, True)


def digest(algorithm: str, body: bytes = ZIP) -> str:
    return base64.b64encode(hashlib.new(algorithm, body).digest()).decode()


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-MD5": digest("md5")},
        {"Digest": f"SHA-256={digest('sha256')},MD5={digest('md5')}"},
        {"Repr-Digest": f"sha-256=:{digest('sha256')}:, sha-512=:{digest('sha512')}:"},
        {"Content-Digest": f"sha-512=:{digest('sha512')}:"},
        {"Repr-Digest": "sha-1024=:abcd:"},
    ],
)
def test_digests_that_the_publisher_gives_are_checked_also_after_resuming(
    headers: dict[str, str], desk: Desk
) -> None:
    rest = {} if "Content-MD5" in headers or "Content-Digest" in headers else headers
    desk.serve(Answer(ZIP, headers=headers, breaks_after=100_000), Answer(ZIP, headers=rest))
    fetched = desk.noaa()
    assert fetched.fetched_from_byte > 0
    assert fetched.path.read_bytes() == ZIP


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-MD5": digest("md5", b"other")},
        {"Repr-Digest": f"sha-256=:{digest('sha256', b'other')}:"},
        {"Digest": "SHA-512=notbase64"},
    ],
)
def test_a_file_whose_digest_is_not_as_said_is_fetched_again_and_never_kept(
    headers: dict[str, str], desk: Desk
) -> None:
    desk.serve(Answer(ZIP, headers=headers))
    with pytest.raises(NotFetchedError, match="damaged on the way"):
        desk.noaa()
    assert desk.files() == []
    desk.serve(Answer(ZIP, headers=headers), Answer(ZIP))
    assert desk.noaa().path.read_bytes() == ZIP


def test_a_file_packed_on_the_way_is_unpacked(desk: Desk) -> None:
    packed = zstandard.ZstdCompressor().compress(UN)
    desk.publisher.files["/un.xml"] = [Answer(packed, headers={"Content-Encoding": "zstd"})]
    assert desk.fetch("un", un="/un.xml").path.read_bytes() == UN


def test_two_processes_do_not_fetch_the_same_file_at_once(desk: Desk) -> None:
    desk.serve(Answer(ZIP))
    desk.folder.mkdir()
    with (desk.folder / ".AIS_2024_03_05.zip.lock").open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(NotFetchedError, match="another process"):
            desk.noaa()
    assert desk.publisher.asked == []


def test_what_was_noted_of_a_partial_file_is_not_trusted_when_it_is_damaged(desk: Desk) -> None:
    desk.folder.mkdir()
    (desk.folder / "AIS_2024_03_05.zip.part").write_bytes(b"PK")
    for noted in ("{", json.dumps({"strange": 1})):
        (desk.folder / ".AIS_2024_03_05.zip.part.json").write_text(noted)
        desk.serve(Answer(ZIP))
        assert desk.noaa().fetched_from_byte == 0


def test_every_place_is_named_once_and_described_in_the_documentation() -> None:
    page = Path(__file__).parents[1].joinpath("docs", "sources", "fetch.md").read_text()
    keys = [place.key for publisher in PUBLISHERS for place in publisher.places]
    assert len(keys) == len(set(keys))
    assert [key for key in keys if f"`{key}`" not in page] == []


def test_fetching_prints_nothing(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    desk.serve(Answer(ZIP, breaks_after=100_000), Answer(ZIP))
    desk.noaa()
    assert capfd.readouterr() == ("", "")
