"""Carrying one file from a publisher: one request at a time, again after a failure, on from where it broke off."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from clearwake.fetch.content import check
from clearwake.fetch.partial import Announced, Partial, announced, hashes
from clearwake.fetch.publishers import Place
from clearwake.model import ClearwakeError, UnreadableFileError

USER_AGENT = f"clearwake/{version('clearwake')} (+https://github.com/clearwake/clearwake)"
TRIES = 6
"""How often one file is asked for before giving up; a run later goes on from the bytes that came."""
BACKOFF_S = 2.0
"""How long to wait after the first failure; doubled after each further one."""
PATIENCE_S = 300.0
"""The longest wait that a publisher can ask for by ``Retry-After``; a longer one ends the run."""
TIMEOUT_S = 60.0


class NotFetchedError(ClearwakeError):
    """A publisher did not give a file; what came of it is kept and gone on from.

    Attributes:
        where: The address, without secrets.
        found: What it answered.
        read_as: What was wanted.
        do_next: What the person can do.
    """

    def __init__(self, where: str, found: str, read_as: str, do_next: str) -> None:
        self.where, self.found, self.read_as, self.do_next = where, found, read_as, do_next
        super().__init__(f"{where}: {found}\n  read as {read_as}\n  next: {do_next}")


@dataclass(frozen=True)
class Progress:
    """How far a file has come."""

    name: str
    done_bytes: int
    total_bytes: int | None
    """None where the publisher does not say."""


@dataclass(frozen=True)
class Fetched:
    """A file that was fetched, checked and named."""

    path: Path
    url: str
    """Where it was asked for; secrets are left out."""
    sha256: str
    size_bytes: int
    etag: str | None
    last_modified: str | None
    fetched_from_byte: int
    """Where the last request began: 0, or where an earlier one had broken off."""
    covers: str
    """``day``, ``month`` or ``edition``."""
    is_new: bool
    """False if the same bytes were there already."""
    note: str | None = None
    """What the person should be told: that the day came as part of its whole month."""


@dataclass(frozen=True)
class Asked:
    """One file wanted from one place."""

    place: Place
    address: str
    url: str
    """The address without secrets: what is shown and noted."""
    name: str


@dataclass(frozen=True)
class Absent:
    """A publisher's word that it has no such file."""

    url: str
    answered: str


class _TryAgainError(Exception):
    """An attempt failed in a way that may pass; ``wait_s`` is what the publisher asked for, if it did."""

    def __init__(self, why: str, wait_s: float | None = None) -> None:
        self.wait_s = wait_s
        super().__init__(why)


class Courier:
    """Asks publishers for files, one after another, with a pause between.

    Args:
        into: The folder files go to.
        on_progress: Told how far a file has come, after every block.
        pause_s: The pause before every request but the first, in seconds.
        sleep: Waits that many seconds.
    """

    def __init__(
        self,
        into: Path,
        on_progress: Callable[[Progress], None] | None,
        pause_s: float,
        sleep: Callable[[float], None],
    ) -> None:
        self._into = into
        self._tell = on_progress or (lambda _progress: None)
        self._pause_s = pause_s
        self._sleep = sleep
        self._has_asked = False
        # Bytes are wanted as they lie: packed again on the way they could be neither measured nor resumed.
        headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity"}
        self._client = httpx.Client(headers=headers, timeout=TIMEOUT_S, follow_redirects=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def bring(self, asked: Asked) -> Fetched | Absent:
        """Bring one file, whole and checked, or the publisher's word that it has none there.

        Raises:
            NotFetchedError: If it could not be had in ``TRIES`` attempts.
            UnreadableFileError: If what came is not what it should be; nothing of it is kept.
        """
        with _only_one(self._into / f".{asked.name}.lock", asked):
            partial = Partial(self._into / asked.name)
            kept = partial.kept(asked.url)
            for turn in range(TRIES):
                try:
                    return self._try(asked, partial, kept)
                except (httpx.UnsupportedProtocol, httpx.TooManyRedirects) as error:
                    raise NotFetchedError(
                        asked.url, str(error), _wanted(asked), "correct the address"
                    ) from error
                except (_TryAgainError, httpx.HTTPError) as failure:
                    self._wait(asked, failure, turn)
            raise AssertionError  # the last wait raises

    def _wait(self, asked: Asked, failure: Exception, turn: int) -> None:
        """Wait before the next attempt, as long as the publisher asks, else twice as long each time.

        Raises:
            NotFetchedError: If there is to be no next attempt.
        """
        why = str(failure) or type(failure).__name__
        later = "; what came so far is kept and gone on from"
        if turn + 1 == TRIES:
            found = f"{why} ({TRIES} attempts)"
            raise NotFetchedError(asked.url, found, _wanted(asked), "try again later" + later) from failure
        wait_s = failure.wait_s if isinstance(failure, _TryAgainError) else None
        wait_s = BACKOFF_S * 2**turn if wait_s is None else wait_s
        if wait_s > PATIENCE_S:
            do_next = f"try again in {wait_s / 60:.0f} minutes{later}"
            raise NotFetchedError(asked.url, why, _wanted(asked), do_next) from failure
        self._sleep(wait_s)

    def _try(self, asked: Asked, partial: Partial, kept: Announced | None) -> Fetched | Absent:
        start, before = partial.resumable(asked.url)
        if before is not None and start == before.size_bytes:
            return _accept(asked, partial, before, start, kept)
        if self._has_asked:
            self._sleep(self._pause_s)
        self._has_asked = True
        headers = _conditions(start, before, kept)
        with self._client.stream("GET", asked.address, headers=headers) as answer:
            if answer.status_code == httpx.codes.NOT_MODIFIED and kept:
                return _fetched(asked, partial.file, kept, 0, is_new=False)
            if _is_absent(answer, asked):
                return Absent(asked.url, _status(answer))
            start, said = self._receive(answer, asked, partial, start, before)
        return _accept(asked, partial, said, start, kept)

    def _receive(
        self, answer: httpx.Response, asked: Asked, partial: Partial, start: int, before: Announced | None
    ) -> tuple[int, Announced]:
        """Take the bytes of an answer; gives where they began and what was announced of the whole."""
        _check_status(answer, partial)
        is_rest = answer.status_code == httpx.codes.PARTIAL_CONTENT
        said = announced(asked.url, answer.headers, is_whole=not is_rest)
        if is_rest and before is not None:
            said = _joined(answer, partial, start, before, said)
        else:
            start = 0
        is_packed = answer.headers.get("content-encoding", "identity") != "identity"
        if (
            is_packed
        ):  # a server that packs all the same: its lengths and digests are those of the packed bytes
            said = Announced(asked.url)
        partial.note(said)
        chunks = (
            answer.iter_bytes() if is_packed else answer.iter_raw()
        )  # as they come: held back, they could be lost
        with partial.part.open("ab" if start else "wb") as file:
            for chunk in chunks:
                file.write(chunk)
                self._tell(Progress(asked.name, file.tell(), said.size_bytes))
        return start, said


def _wanted(asked: Asked) -> str:
    return f"the {asked.place.covers} file {asked.name}"


def _conditions(start: int, before: Announced | None, kept: Announced | None) -> dict[str, str]:
    """Give the headers of a request: for the rest of a file, for a file if it changed, or for all of it."""
    if start and before is not None and before.validator is not None:
        return {"Range": f"bytes={start}-", "If-Range": before.validator}
    return kept.conditions if kept else {}


def _is_absent(answer: httpx.Response, asked: Asked) -> bool:
    """Tell whether the publisher has no such file; those with storage of some kinds say 403 for that.

    Raises:
        NotFetchedError: If it says 401, or 403 to a request with a token: then it does not let us in.
    """
    if answer.status_code == httpx.codes.UNAUTHORIZED or (
        answer.status_code == httpx.codes.FORBIDDEN and asked.address != asked.url
    ):
        do_next = "see that the token is right and has not run out"
        raise NotFetchedError(asked.url, f"the publisher answered {_status(answer)}", _wanted(asked), do_next)
    return answer.status_code in {httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND, httpx.codes.GONE}


def _status(answer: httpx.Response) -> str:
    return f"{answer.status_code} {answer.reason_phrase}".strip()


def _check_status(answer: httpx.Response, partial: Partial) -> None:
    """Let answers with bytes through.

    Raises:
        _TryAgainError: For those that may be different next time.
    """
    if answer.status_code in {httpx.codes.OK, httpx.codes.PARTIAL_CONTENT}:
        return
    if answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
        partial.forget()  # the file is now shorter than what came of it: another file
    message = f"the publisher answered {_status(answer)}"
    raise _TryAgainError(message, _retry_after_s(answer))


def _retry_after_s(answer: httpx.Response) -> float | None:
    """Give how long the publisher asks us to wait: seconds, or a date, read against the date of the answer."""
    asked = answer.headers.get("retry-after", "").strip()
    if asked.isdecimal():
        return float(asked)
    try:
        until = parsedate_to_datetime(asked)
        return max(0.0, (until - parsedate_to_datetime(answer.headers.get("date", ""))).total_seconds())
    except (ValueError, TypeError):
        return None  # none was asked for, or nothing that can be read: then our own pause holds


def _joined(
    answer: httpx.Response, partial: Partial, start: int, before: Announced, said: Announced
) -> Announced:
    """Check that an answer is the rest of the same file, and give what was announced of the whole.

    Raises:
        _TryAgainError: If it is not; the bytes so far are then thrown away.
    """
    begins = answer.headers.get("content-range", "").startswith(f"bytes {start}-")
    is_same = said.etag in {None, before.etag} and said.last_modified in {None, before.last_modified}
    if not (begins and is_same and said.size_bytes in {None, before.size_bytes or said.size_bytes}):
        partial.forget()
        message = "the publisher went on with another file than it began with"
        raise _TryAgainError(message)
    return replace(
        before, size_bytes=said.size_bytes or before.size_bytes, digests={**before.digests, **said.digests}
    )


def _accept(asked: Asked, partial: Partial, said: Announced, start: int, kept: Announced | None) -> Fetched:
    """Check a file that has come to its end, and give it its name; ``kept`` is the one that has it now.

    Raises:
        _TryAgainError: If bytes are missing, or its digest is not what the publisher says.
        UnreadableFileError: If it is not what it should be.
    """
    size_bytes = partial.part.stat().st_size
    if said.size_bytes is not None and size_bytes < said.size_bytes:
        message = f"the publisher sent {size_bytes} of {said.size_bytes} bytes"
        raise _TryAgainError(message)
    found = hashes(partial.part, {"sha256", *said.digests})
    wrong = [name for name, wanted in said.digests.items() if found[name] != wanted]
    if wrong or (said.size_bytes is not None and size_bytes > said.size_bytes):
        partial.forget()
        what = (
            f"its {wrong[0]} is {found[wrong[0]]}, not {said.digests[wrong[0]]}"
            if wrong
            else "it is too long"
        )
        message = f"the file was damaged on the way: {what}"
        raise _TryAgainError(message)
    try:
        check(partial.part, asked.place.kind, asked.place.roots, asked.url)
    except UnreadableFileError:
        partial.forget()
        raise
    said = replace(said, size_bytes=size_bytes, digests={**said.digests, "sha256": found["sha256"]})
    partial.keep(said)
    is_new = kept is None or kept.digests["sha256"] != found["sha256"]
    return _fetched(asked, partial.file, said, start, is_new=is_new)


def _fetched(asked: Asked, path: Path, said: Announced, start: int, *, is_new: bool) -> Fetched:
    return Fetched(
        path=path,
        url=asked.url,
        sha256=said.digests["sha256"],
        size_bytes=path.stat().st_size,
        etag=said.etag,
        last_modified=said.last_modified,
        fetched_from_byte=start,
        covers=asked.place.covers,
        is_new=is_new,
    )


@contextmanager
def _only_one(lock: Path, asked: Asked) -> Iterator[None]:
    """Keep a second process from fetching the same file into the same folder."""
    with lock.open("ab") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            do_next = "let it finish"
            message = "another process is fetching it into this folder"
            raise NotFetchedError(asked.url, message, _wanted(asked), do_next) from error
        yield
