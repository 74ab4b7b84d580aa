"""Who ships and companies are, on paper: what registers say, who owns and runs whom, what is shipped, what is allowed.

Like every fact these are what a source said.  Dates say from when to when it held; null is not known, never "always".
"""

from __future__ import annotations

from dataclasses import dataclass

from clearwake.model.record import Count, Flag, Identifier, Metres, Score, Small, Text, Texts, Time


@dataclass(frozen=True)
class Registration:
    """What a register, or any other table of ships, says of one ship for a time."""

    source: Text
    """The register: ``eu_mrv``, ``gfw``, or the name of the file it came from."""
    imo: Text | None = None
    """As claimed: seven digits if it could be read so, whatever the check digit says."""
    mmsi: Identifier | None = None
    name: Text | None = None
    former_names: Texts = ()
    callsign: Text | None = None
    flag: Text | None = None
    """ISO 3166-1 alpha-3 where it could be read so, else as written."""
    ship_type_text: Text | None = None
    length_m: Metres | None = None
    beam_m: Metres | None = None
    gross_tonnage: Score | None = None
    deadweight_t: Score | None = None
    built_year: Small | None = None
    status: Text | None = None
    """``in service``, ``laid up``, ``scrapped``, ``lost``, ``denied`` (the register says: not ours), ``deleted`` ..."""
    owner: Text | None = None
    beneficial_owner: Text | None = None
    manager: Text | None = None
    ism_company: Text | None = None
    operator: Text | None = None
    valid_from: Time | None = None
    valid_to: Time | None = None
    reference: Text | None = None
    """The register's own number for the entry, where it has one."""
    issues: Texts = ()
    """What was odd in the row, in words."""
    receipt: Identifier | None = None
    line: Count | None = None
    known_at: Time | None = None


@dataclass(frozen=True)
class Party:
    """A person, company, country or ship that owns, runs, sends or receives something."""

    id: Text
    """Stable within its source: the source's own id, else made from source, kind and name."""
    source: Text
    kind: Text
    """``company``, ``person``, ``country``, ``vessel`` or ``unknown``."""
    name: Text
    aliases: Texts = ()
    country: Text | None = None
    birth_date: Text | None = None
    registration: Text | None = None
    imo: Text | None = None
    """A ship's, or a company's own IMO number: the key is (kind, imo)."""
    topics: Texts = ()
    """FollowTheMoney's words: ``sanction``, ``mare.shadow``, ``reg.warn``, ``poi`` ..."""
    edition: Text | None = None
    """The edition of a list that named it, such as ``sdn:2020-12-01``; null where no list did."""
    issues: Texts = ()
    receipt: Identifier | None = None
    line: Count | None = None
    known_at: Time | None = None


@dataclass(frozen=True)
class Ownership:
    """A dated edge: this party owns, controls or runs that one."""

    source: Text
    owner: Text
    """Id of the owning or running ``Party``."""
    owned: Text
    """Id of the owned or run ``Party``; a ship is a party of kind ``vessel``."""
    role: Text
    """``owner``, ``beneficial owner``, ``control``, ``manager``, ``ism company``, ``operator`` or ``linked``; or, of
    two that are on a level, ``joint`` (they act jointly) or ``address`` (they share one)."""
    share_low: Score | None = None
    """The least share the source leaves possible, percent 0 to 100; null for roles that have none."""
    share_high: Score | None = None
    """The greatest; an owner whose share is not known has 0 to 100."""
    share_text: Text | None = None
    """The share as it stood."""
    role_text: Text | None = None
    """The role in the source's own words: ``Leader or official of``, ``Owned or Controlled By`` ..."""
    edition: Text | None = None
    """The edition of a list that tells it, such as ``sdn:2020-12-01``; null where no list does."""
    valid_from: Time | None = None
    valid_to: Time | None = None
    issues: Texts = ()
    """A share over 100 %, negative or in words, which became unknown."""
    receipt: Identifier | None = None
    line: Count | None = None
    known_at: Time | None = None


@dataclass(frozen=True)
class Standing:
    """What the US, EU and UK rules on ownership and control make of a party or ship on one day, and why."""

    id: Text
    kind: Text
    name: Text
    country: Text | None
    imo: Text | None
    us: Text
    """``blocked``, ``possibly`` or ``not shown``."""
    eu: Text
    uk: Text
    listed: Texts
    """Entries of lists that are this party, or perhaps are."""
    risk: Score
    """How near it stands on paper to listed parties, 0 to 1; never a legal status."""
    sentence: Text
    chain_us: Texts
    """The links that show the US status, from the listed party to this one."""
    chain_eu: Texts
    chain_uk: Texts
    links: Texts
    """Links to listed or blocked parties that no rule makes ownership: manager, operator, "linked to" ..."""
    risk_chain: Texts
    """The links by which risk comes, from this party to the listed one."""
    doubts: Texts
    """What speaks against, or was odd in what was read."""
    evidence: Texts
    """The received lines and list entries it rests on."""
    ids: Texts
    """All ids that were found to be this party."""


@dataclass(frozen=True)
class Shipment:
    """One line of a bill of lading, a manifest or a customs table."""

    id: Text
    """The source's own id or bill of lading and line; else file and line."""
    bill_of_lading: Text | None = None
    hs_code: Text | None = None
    """Digits as claimed, two to ten of them; null where there are none."""
    description: Text | None = None
    quantity: Score | None = None
    unit: Text | None = None
    shipper: Text | None = None
    consignee: Text | None = None
    notify_party: Text | None = None
    origin: Text | None = None
    """Country the goods come from: ISO 3166-1 alpha-3 where it could be read so, else as written."""
    destination: Text | None = None
    load_port: Text | None = None
    load_on: Time | None = None
    discharge_port: Text | None = None
    discharge_on: Time | None = None
    ship_name: Text | None = None
    ship_imo: Text | None = None
    ship_mmsi: Identifier | None = None
    issues: Texts = ()
    receipt: Identifier | None = None
    line: Count | None = None
    known_at: Time | None = None


@dataclass(frozen=True)
class Permission:
    """An exemption granted or a notification made: what an authority has on file as allowed or told."""

    kind: Text
    """``exemption`` or ``notification``."""
    reference: Text
    authority: Text
    provision: Text | None = None
    """What it is an exemption from or a notification under, such as ``UNSCR 2397 para 5``."""
    goods: Text | None = None
    """In words."""
    hs_codes: Texts = ()
    """Headings it covers, two to ten digits each; a shorter one covers all that begin with it."""
    quantity: Score | None = None
    unit: Text | None = None
    parties: Texts = ()
    ships: Texts = ()
    """IMO numbers or names."""
    valid_from: Time | None = None
    valid_to: Time | None = None
    issues: Texts = ()
    receipt: Identifier | None = None
    line: Count | None = None
    known_at: Time | None = None


@dataclass(frozen=True)
class ShipmentFinding:
    """One thing that was found out about a shipment: a sentence with its numbers, for, against or neither."""

    id: Text
    shipment: Text
    """Id of the ``Shipment``."""
    kind: Text
    """``prohibited_goods``, ``needs_notification``, ``exempted``, ``listed_party``, ``port_not_visited`` ..."""
    is_for: Flag | None
    """True for a reason to look, false for a reason against, null for neither: what cannot be said, or only told."""
    provision: Text | None
    """The rule it is judged by, such as ``UNSCR 2397 ¶5``."""
    judged_on: Time | None
    """The day whose law, permissions and lists it was judged by."""
    score: Score | None
    """How sure the reading is, 0 to 1, where one applies; it is no probability."""
    sentence: Text
    evidence: Texts
    known_at: Time | None
