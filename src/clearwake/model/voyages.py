"""What voyages say: a draught that changed, a destination not sailed to, a call remembered, a published method."""

from __future__ import annotations

from dataclasses import dataclass

from clearwake.model.events import Event
from clearwake.model.record import (
    Count,
    Flag,
    Hours,
    Identifier,
    Identifiers,
    Kilometres,
    Metres,
    Score,
    Text,
    Texts,
    Time,
)


@dataclass(frozen=True)
class DraughtChange(Event):
    """A draught said otherwise than before, and one occasion at which it may have changed.

    ``start`` is when the old draught was last said, ``end`` when the new one was first said; placed where the
    occasion began.  A change that may belong to several occasions has a row for each, with a probability.
    """

    label: Text
    """``port_call``, ``encounter``, ``gap`` (6 h or more), ``silence`` (from 2 h), ``loitering``, or ``no_event``."""
    across: Text | None
    """The id of that event; null for ``no_event``."""
    before_m: Metres
    after_m: Metres
    change_m: Metres
    """Positive: deeper, as after loading."""
    tonnes: Score | None
    """What the change is in tonnes, good to about a third; null where the length is not claimed."""
    held_h: Hours
    """How long the old draught had been said when it was last said: how stale it may have been."""
    late_h: Hours | None
    """From the end of the event until the new draught was first said; 0 where it was said before the end."""
    calls: Count
    """Stops in port of this ship on record, apart from this one."""
    calls_updated: Count
    """After how many of those the ship said another draught within a day."""
    probability: Score
    """That the draught changed in this event and not in another, or was only retyped."""
    rivals: Texts
    """Ids of other events in which it may have changed."""
    partner_mmsi: Identifier | None
    partner_before_m: Metres | None
    partner_after_m: Metres | None
    partner_change_m: Metres | None
    partner_tonnes: Score | None
    agrees: Flag | None
    """Whether what one ship lost and the other gained agrees; null where the partner said no change."""
    reasons_for: Texts
    reasons_against: Texts


@dataclass(frozen=True)
class VoyageFinding(Event):
    """A voyage that is not what was declared, or leads to or from a port that the law remembers."""

    label: Text
    """``heading_away``, ``never_called``, ``called_elsewhere``, ``port_skipped``, ``false_destination``, ``detour``,
    ``dprk_call``, ``dprk_call_memory``, ``met_dprk_flag``, ``met_dprk_caller`` or ``dprk_meeting_memory``."""
    declared: Text | None
    """The destination as typed."""
    readings: Texts
    """The ports it may mean, each with its country; several where it is ambiguous."""
    port: Text | None
    """The port called at, or left."""
    port_country: Text | None
    sailed_km: Kilometres | None
    way_km: Kilometres | None
    """The way by sea that the voyage needed."""
    until: Time | None
    """When the 180 days of memory end."""
    chain: Texts
    """Dated steps from the call or flag that is remembered to this event, in words."""
    score: Score
    """0 to 1: how much speaks for it against what speaks for ordinary business; an order, no probability."""
    reasons_for: Texts
    reasons_against: Texts


@dataclass(frozen=True)
class TypologyFinding(Event):
    """Events that together are like a published method of evasion, wholly or in part."""

    label: Text
    """The typology's id."""
    status: Text
    """``shown`` where every element is, else ``partial``; partial is not found."""
    title: Text
    ships: Identifiers
    """MMSIs in the order of the typology's roles; ships that are not known are left out."""
    roles: Texts
    """``seller 351000001``, in the same order."""
    steps: Texts
    """Every element in order: its name, ``shown``, ``missing`` or ``contradicted``, and the ids of the events."""
    shown: Texts
    missing: Texts
    contradicted: Texts
    share: Score
    """How many of the needed elements are shown."""
    probability: Score | None
    """The product of the probabilities that its events carry; null where none does."""
    source: Text
    reasons_for: Texts
    reasons_against: Texts
