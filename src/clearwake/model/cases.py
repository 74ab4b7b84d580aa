"""Cases: what was put into one, who decided what about it, and what of it an audience may have.

A case is a fold of entries that are only ever added.  Evidence enters as an ``Item`` with its own marking; what
people judge enters as a ``Decision``.  Ids of items and decisions are random, so that none can be guessed back to
what it names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from clearwake.model.law import Day, LegalFact
from clearwake.model.record import Count, Degrees, Flag, Identifier, Metres, Score, Text, Texts, Time

if TYPE_CHECKING:
    import polars as pl

PUBLIC = "public"
"""The audience that anybody may be of; a party is else named by its ISO 3166-1 alpha-3 code or any word."""

TLP = ("TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED")
"""Traffic Light Protocol 2.0 (FIRST, August 2022), from the least to the most restricted."""

SENSITIVITIES = ("open", "ordinary", "sensitive")
"""How much the source would suffer from being known, and so how coarse a tear-line is."""


BEFORE_EVIDENCE = "of cases that are opened "
"""How the sentence begins that tells how often an explanation is so before any evidence is weighed."""


@dataclass(frozen=True)
class Marking:
    """Whose a datum is, and who may have it."""

    originator: str
    """The party whose permission wider sharing needs: ``JPN``."""
    tlp: str = "TLP:AMBER"
    """CLEAR: anybody; GREEN: any party, not the public; the others: only those of ``releasable_to``."""
    releasable_to: tuple[str, ...] = ()
    """Parties who may have all of it; the originator always may.  Beside CLEAR and GREEN, if given, it narrows them."""
    tear_line_to: tuple[str, ...] = ()
    """Parties (or ``public``) who may have it coarsened by rule though not in full."""
    sensitivity: str = "ordinary"


@dataclass(frozen=True)
class Reason:
    """What an item says for or against one explanation of what was seen."""

    explanation: str
    """``breach`` for the claim of the case, or a rival: ``bunkering``, ``waiting``, ``breakdown``, ``weather``,
    ``fishing``, ``feed_outage``, ``jamming``, ``mistaken_identity``."""
    is_for: bool
    weight: float
    """Above 0; natural logarithm of how many times likelier the item is if the explanation is so."""
    weight_origin: str
    """A publication, or whose judgement it is."""
    sentence: str
    observation: str = ""
    """What was observed, by its name in ``assess/observations.yml``; empty where it is none of those.  The same
    observation told twice by one origin counts once."""


@dataclass(frozen=True)
class Item:
    """One piece of evidence in a case.

    Fields that name persons, sensors, places or times are coarsened or left out for an audience that may have only
    a tear-line.
    """

    id: str
    """``item:`` and 32 random hexadecimal digits."""
    kind: str
    """``sighting``, ``photograph``, ``track``, ``event``, ``detection``, ``listing``, ``registry``, ``document``,
    ``media``, ``statement``, ``reply``, ``assumption`` or ``conclusion`` (which rests on other items)."""
    sentence: str
    """What it says, in one sentence with its numbers."""
    marking: Marking
    start: datetime | None = None
    end: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    error_m: float | None = None
    observer: str | None = None
    platform: str | None = None
    ships: tuple[str, ...] = ()
    """Subjects, the same wherever the same ship is meant: ``imo:7389704``, ``mmsi:445123000`` or ``ship:a-name``."""
    facts: tuple[LegalFact, ...] = ()
    """What it says in the words of ``docs/law.md``; each fact's ``id`` is the item's, its origin and grade too."""
    reasons: tuple[Reason, ...] = ()
    origin: str | None = None
    """Who said it first; items of one origin count once."""
    reliability: str | None = None
    """Of the source, by the Admiralty code: A to F."""
    credibility: int | None = None
    """Of what it says, by the Admiralty code: 1 to 6."""
    citation: str | None = None
    """Title, publisher, date and address of what was published."""
    rests_on: tuple[str, ...] = ()
    """Items it was worked out from."""
    source: str | None = None
    """The desk's own id of it: ``sighting:...``, ``encounter:...``, ``ofac:12345``.  Kept beside the chain and not in
    it, and never leaves the desk: it can be guessed back to what it names."""
    mmsi: int | None = None
    """The transmitter, of a track."""
    rows: str | None = None
    """The event, designation or other row itself as JSON, for kinds that have one."""
    sha256: str | None = None
    """Of the file it came as, or of the photograph."""


@dataclass(frozen=True)
class Decision:
    """What one person judged or did, when, in what role, for which nation, and why."""

    id: str
    """``decision:`` and 32 random hexadecimal digits."""
    act: str
    """``open``, ``add`` (of an item), ``withdraw`` (of items), ``confirm`` ... or ``copy`` (of what left)."""
    who: str
    role: str
    """``watch officer``, ``analyst``, ``legal adviser``, ``release officer`` ..."""
    nation: str
    why: str
    at: datetime
    marking: Marking
    rests_on: tuple[str, ...] = ()
    """Items and decisions it leans on."""
    item: Item | None = None
    """Of ``add``."""
    told: Mapping[str, str] = field(default_factory=dict)
    """What the act needs besides: ``title``, ``day``, ``to``, ``until``, ``list``, ``sha256`` ..."""
    permits: Marking | None = None
    """Of ``permit``: the wider marking an originator gives what ``rests_on`` names."""
    case: str = ""
    """The case it is about, so that the commitment covers that too; set when it is sealed."""


@dataclass(frozen=True)
class Entry:
    """One link of a desk's chain: what everybody may check, and the decision only those who may read it have.

    ``hash`` is SHA-256 over chain, number, previous and commitment; ``commitment`` is SHA-256 over salt and body.  So a
    partner who may not read an entry can still check that nothing was changed, left out or put in.
    """

    chain: str
    """The desk's name: the first 32 hexadecimal digits of the SHA-256 of its public key."""
    number: int
    """From 1, without gaps."""
    previous: str
    """The hash of the entry before; 64 zeros for the first."""
    commitment: str
    hash: str
    case: str | None = None
    salt: str | None = None
    body: str | None = None
    """The decision as canonical JSON; null where it is not for this desk."""


@dataclass(frozen=True)
class Head:
    """How long a chain is and what it ends in, signed: who holds one can tell when the chain was cut or rewritten."""

    chain: str
    entries: int
    hash: str
    signed_at: datetime
    public_key: str
    """Ed25519, hexadecimal."""
    signature: str
    """Over all the others, hexadecimal."""


@dataclass(frozen=True)
class Case:
    """What the decisions about one case come to."""

    id: str
    title: str
    state: str
    version: int
    """How many decisions it is the fold of; who decides says which version they saw."""
    day: datetime | None
    """When the act it is about happened; the law of that day is asked."""
    ships: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    """In the order they were added, without those withdrawn; markings as the newest permission has them."""
    withdrawn: tuple[str, ...] = ()
    decisions: tuple[Decision, ...] = ()
    """All, in order, also those that could not take effect."""
    conflicts: tuple[str, ...] = ()
    """Decisions that two desks took without knowing of each other and that cannot both stand, in sentences."""
    standing: tuple[str, ...] = ()
    """What holds at once, in words: ``confirmed``, ``listed``, ``published``, ``detained``; ``state`` is the newest."""


@dataclass(frozen=True)
class Needed:
    """What is withheld from an audience, and whose permission it would take; for the releasing desk's eyes only."""

    id: Text
    originator: Text
    what: Text
    is_coarsened: Flag
    tlp: Text


@dataclass(frozen=True)
class Released:
    """The version of a case an audience may have: nothing in it depends on what was withheld.

    Ids are new and random in every release.  Whatever is worked out for the audience (elements, options, assessment,
    matches, events) is worked out from this alone.
    """

    case: Case
    """Items coarsened and left out, decisions of which the audience may know; ids replaced everywhere."""
    audience: tuple[str, ...]
    made_at: datetime
    tracks: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    """Per item of kind ``track``: its positions, in the schema of ``Position`` without receipts."""
    coarsened: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Per item: the fields that were coarsened."""
    leaning: tuple[str, ...] = ()
    """Items and decisions released by permission whose own evidence is withheld."""
    commitments: Mapping[str, str] = field(default_factory=dict)
    """Per released id: a salted commitment to the desk's original, which the desk can open later."""


@dataclass(frozen=True)
class CaseRow:
    """A case as ``show cases`` gives it."""

    id: Text
    title: Text
    state: Text
    standing: Texts
    version: Count
    day: Time | None
    ships: Texts
    items: Count
    opened_at: Time
    changed_at: Time
    conflicts: Texts


@dataclass(frozen=True)
class ItemRow:
    """An item as ``show items`` and ``case show`` give it."""

    id: Text
    case: Text
    kind: Text
    sentence: Text
    start: Time | None
    end: Time | None
    lon: Degrees | None
    lat: Degrees | None
    error_m: Metres | None
    observer: Text | None
    platform: Text | None
    ships: Texts
    origin: Text | None
    grade: Text | None
    """Admiralty: ``B2``."""
    citation: Text | None
    rests_on: Texts
    source: Text | None
    mmsi: Identifier | None
    originator: Text
    tlp: Text
    releasable_to: Texts
    sha256: Text | None


@dataclass(frozen=True)
class DecisionRow:
    """An entry of a case's log as ``case log`` gives it."""

    chain: Text
    number: Count
    id: Text
    case: Text
    act: Text
    state: Text
    """The case's state after it."""
    who: Text
    role: Text
    nation: Text
    why: Text
    at: Time
    """When it was put on record."""
    rests_on: Texts
    hash: Text
    on: Day | None = None
    """The day of what it tells, where it says that this was another than the day it was put on record."""


@dataclass(frozen=True)
class AssessmentRow:
    """One explanation of what was seen, and what speaks for and against it."""

    case: Text
    explanation: Text
    share: Score
    """Of belief among the explanations, 0 to 1."""
    low: Score
    high: Score
    """What the share runs between when weights are doubted."""
    word: Text
    """``almost no chance`` ... ``almost certain`` (US Intelligence Community Directive 203)."""
    sentences_for: Texts
    sentences_against: Texts
    evidence: Texts
    settles: Text | None
    """What observation would change it most."""
    on: Day | None


@dataclass(frozen=True)
class WeighedRow:
    """One thing that one item says of one explanation, and what it counts for; or its share before any evidence.

    The weights of an explanation's rows add up to the logarithm of its share, but for one number that is the same for
    all explanations; so base rates times factors, shared out over all, give the shares of ``AssessmentRow``.
    """

    case: Text
    explanation: Text
    observation: Text
    """In words: those of the catalogue, or the reason's own where it names no observation."""
    sentence: Text
    """What the item says of it, with its numbers."""
    item: Text | None
    """None where the row is the share before any evidence."""
    origins: Texts
    """Who said it first."""
    grade: Text | None
    """Admiralty: ``B2``."""
    weight: Score
    """Counted, above 0 for and below 0 against: natural logarithm of how many times likelier it makes it."""
    is_counted: Flag
    """Whether it adds 0.005 or more."""
    why: Text
    """Why it is not counted; empty where it is."""
    weight_origin: Text
    """Whose judgement the weight, or the share before, is."""
