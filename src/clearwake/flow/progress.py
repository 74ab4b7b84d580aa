"""How far a desk has been carried, and from which midnight a run must start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta

from clearwake.store import Commit, Part, Store

BEGINNING = datetime(1, 1, 1, tzinfo=UTC)

KEEP_SNAPSHOTS = timedelta(days=7)
"""Older midnights are kept only at the first of a month; facts older than that rewind farther."""


@dataclass(frozen=True)
class Progress:
    """What the desk remembers of its runs.

    Attributes:
        definitions: The definition of each detector the events were found with.
        carried: The newest part whose positions are in the events.
        target: The newest part of the run under way or done last; above ``carried`` if it was cut short.
        reached: The midnight that run came to, ISO 8601.
        until: The watermark of the last run that came to its end, ISO 8601.
        snapshots: The midnights whose state is kept and good, ISO 8601.
        limit: The moment that run was told to stop at, ISO 8601; null if it took everything there was.
        is_placed: Whether places were brought up to date after the last run.
    """

    definitions: dict[str, str] = field(default_factory=dict)
    carried: int = 0
    target: int = 0
    reached: str | None = None
    until: str | None = None
    snapshots: tuple[str, ...] = ()
    limit: str | None = None
    is_placed: bool = True

    @classmethod
    def of(cls, store: Store) -> Progress:
        """Read what the desk remembers; nothing at first."""
        said = store.get("progress") or {}
        return cls(**{**said, "snapshots": tuple(said.get("snapshots", ()))})

    def save(self, commit: Commit) -> None:
        """Say it in this commit."""
        commit.set("progress", asdict(self))

    def is_done(self, parts: Sequence[Part], definitions: dict[str, str], until: datetime | None) -> bool:
        """Say whether there is nothing left to carry."""
        newest = max((p.number for p in parts), default=0)
        if self.definitions != definitions or not self.carried == self.target == newest or not self.is_placed:
            return False
        return self.limit is None or (until is not None and until <= datetime.fromisoformat(self.limit))

    @property
    def watermark(self) -> datetime:
        """The watermark of the last finished run; the beginning of time if there was none."""
        return datetime.fromisoformat(self.until) if self.until else BEGINNING

    def start(self, parts: Sequence[Part], definitions: dict[str, str]) -> datetime:
        """Find the newest midnight whose state no unread fact and no new definition makes void."""
        if self.definitions != definitions:
            return BEGINNING
        unread = [p.first_time or BEGINNING for p in parts if p.number > self.target]
        if self.target > self.carried:
            last = datetime.fromisoformat(self.reached) if self.reached else BEGINNING
        else:
            last = self.watermark
        oldest = min([*unread, last])
        return max((s for s in map(datetime.fromisoformat, self.snapshots) if s <= oldest), default=BEGINNING)

    def rewound(self, start: datetime, parts: Sequence[Part], definitions: dict[str, str]) -> Progress:
        """Give the progress of a run that starts at ``start``: later midnights are void."""
        good = tuple(s for s in self.snapshots if datetime.fromisoformat(s) <= start)
        target = max((p.number for p in parts), default=0)
        # Until this run is done, what it has not reached counts as not carried.
        carried = min(self.carried, target - 1) if parts else 0
        return replace(
            self, definitions=definitions, target=target, carried=carried, snapshots=good,
            reached=start.isoformat(), is_placed=False,
        )  # fmt: skip

    def at_midnight(self, midnight: datetime) -> tuple[Progress, list[datetime]]:
        """Add a midnight; give also the old ones that need not be kept any longer."""
        known = [datetime.fromisoformat(s) for s in self.snapshots]
        old = [s for s in known if s < midnight - KEEP_SNAPSHOTS and s.day != 1]
        kept = sorted({*known, midnight} - set(old))
        text = tuple(s.isoformat() for s in kept)
        return replace(self, snapshots=text, reached=midnight.isoformat()), old

    def finished(self, until: datetime, limit: datetime | None) -> Progress:
        """Give the progress of a run that came to its end: at the watermark ``until``, told to stop at ``limit``."""
        said = None if limit is None else limit.isoformat()
        return replace(self, carried=self.target, until=until.isoformat(), limit=said)
