"""What the law says: provisions, elements of breach, lawful options, and the clock of a detention.

Summaries are in our own words and are not the legal texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import polars as pl

from clearwake.model.record import Column, Count, Flag, Score, Text, Texts

Day = Annotated[date, Column(pl.Date)]


@dataclass(frozen=True)
class LawProvision:
    """One paragraph as the table of the law shows it."""

    id: Text
    """``unscr-2375-11``."""
    reference: Text
    """How it is cited: ``UNSCR 2375 ¶11``."""
    instrument: Text
    paragraph: Text
    binding: Text
    """The text's own verb: ``decides``, ``calls upon``, ``requires``, ``provides`` ..."""
    kind: Text
    """``prohibition``, ``limit``, ``duty``, ``power``, ``measure``, ``exemption``, ``zone`` or ``rule``."""
    in_force_from: Day
    in_force_to: Day | None
    """The last day in force; null while it is."""
    superseded_by: Text | None
    binds: Text
    elements: Texts
    threshold: Text | None
    """In words, as the text has it; null where it states none."""
    summary: Text
    source: Text
    review: Text | None
    """What a lawyer should confirm."""


@dataclass(frozen=True)
class LegalFact:
    """One dated statement about an act, a ship or a party, in the words of ``docs/law.md``."""

    id: Text
    """The id of the evidence it rests on, unless ``evidence`` names several."""
    kind: Text
    """A word of the vocabulary: ``transfer``, ``flag``, ``goods``, ``zone`` ..."""
    subject: Text | None = None
    """Whom it is about: any id, the same for the same ship or party; null for the act itself."""
    value: Text | None = None
    object: Text | None = None
    """The other ship of a transfer, the coastal State of a zone, the State a service came from, the paragraph of an
    exemption or notification."""
    amount: Score | None = None
    """In the unit of the kind: bbl, nm, percent."""
    holds: Flag = True
    """False where the statement is that it is not so."""
    since: Day | None = None
    """The day it happened, or from when it was so; null is not known."""
    until: Day | None = None
    """The last day it was so; null is until further notice."""
    act: Text | None = None
    """The act it belongs to, where a case has several; null for all of them."""
    grade: Text = "claimed"
    """``confirmed``, ``probable``, ``claimed`` or ``doubtful``, or an Admiralty grade such as ``B2``."""
    origin: Text | None = None
    """Who said it first; statements of one origin count once."""
    evidence: Texts = ()


@dataclass(frozen=True)
class BreachElement:
    """One element of one provision, and what is shown of it."""

    provision: Text
    element: Text
    status: Text
    """``established``, ``indicated``, ``missing`` or ``contradicted``."""
    evidence: Texts
    """Ids of what shows it or, where it is contradicted, of what speaks against it."""
    would_settle: Text | None
    """What would settle it; null where it is established."""
    sentence: Text
    against: Texts
    """Ids of what speaks the other way."""
    act: Text | None
    """The act it is about, where a case has several that differ."""
    about: Text | None
    """The ship or party asked about, where the provision is about one."""


@dataclass(frozen=True)
class BreachOutcome:
    """What the elements of one provision come to; a person judges."""

    provision: Text
    act: Text | None
    about: Text | None
    outcome: Text
    """``every element established``, ``every element at least indicated``, ``not shown`` or ``not so``."""
    lacking: Texts
    """The elements missing or contradicted."""
    threshold: Text | None
    """How sure one has to be, in the paragraph's words; null where it states none."""
    sentence: Text


@dataclass(frozen=True)
class LawfulOption:
    """One thing that could lawfully be done, by whom, and under what conditions; never a recommendation."""

    option: Text
    provision: Text
    zone: Text
    """Where it can be done: zones in words."""
    conditions: Texts
    """Each condition with what is shown of it: ``flag_consent: missing - ...``."""
    who: Text
    stands: Text
    """``open`` (every condition established or indicated), ``conditions missing`` or ``ruled out``."""
    binding: Text
    notice: Text
    """Who must or should be told."""
    escalation: Text
    """What could make it worse, and what it is not."""
    evidence: Texts
    ship: Text | None
    """The ship it is about; null where the case names none."""


@dataclass(frozen=True)
class ClockEntry:
    """One day on the clock of a detention."""

    day: Day | None
    """Null where it has no day of its own."""
    kind: Text
    """``start``, ``reminder``, ``six months``, ``condition``, ``release``, ``watch``."""
    entry: Text
    status: Text
    """``past``, ``due``, ``coming``; of a condition ``met``, ``not met`` or ``not shown``."""
    days_from_now: Count | None
    provision: Text
    evidence: Texts
