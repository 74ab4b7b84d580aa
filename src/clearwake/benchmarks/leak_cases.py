"""Random cases of which every value can be recognised again, and the same cases with other secrets.

Every text holds a word that stands nowhere else, every place and time is drawn to the last digit, items rest on items
and decisions on both; markings are drawn from all there are.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import polars as pl

from clearwake.cases import History
from clearwake.model import PUBLIC, SENSITIVITIES, TLP, Case, Decision, Item, LegalFact, Marking, Reason
from clearwake.release import GRAINS, Level, cell
from clearwake.release.coarse import WEIGHTS

Chance = random.Random

PARTIES = ("JPN", "AUS", "GBR", "USA")
SHIPS = ("imo:8660313", "mmsi:445123000", "ship:yellow-sea-7")
KINDS = (
    "sighting",
    "photograph",
    "track",
    "event",
    "detection",
    "document",
    "media",
    "statement",
    "conclusion",
)
ACTS = (
    "take_up",
    "confirm",
    "refute",
    "leave",
    "propose",
    "list",
    "note",
    "offer_reply",
    "detain",
    "withdraw",
    "retract",
    "copy",
)
ROLES = ("watch officer", "analyst", "legal adviser", "release officer")
EPOCH = datetime(2018, 2, 13, tzinfo=UTC)
MARK = "qz"
"""How every recognisable word begins."""


@dataclass(frozen=True)
class Graph:
    """A case and the positions of its tracks."""

    case: Case
    tracks: Mapping[str, pl.DataFrame] = field(default_factory=dict)


def word(chance: Chance) -> str:
    """Give a word that stands nowhere else."""
    return MARK + "".join(chance.choice("abcdefghijklmnopqrstuvwxy") for _ in range(11))


def hashed(kind: str, chance: Chance) -> str:
    """Give an id as a desk makes it from what it names."""
    return f"{kind}:{hashlib.sha256(word(chance).encode()).hexdigest()[:20]}"


def marking(chance: Chance) -> Marking:
    """Draw a marking."""
    some = [p for p in PARTIES if chance.random() < 0.4]
    torn = [p for p in (*PARTIES, PUBLIC) if chance.random() < 0.3]
    tlp = chance.choice((*TLP, "TLP:CLEAR", "TLP:GREEN"))
    return Marking(chance.choice(PARTIES), tlp, tuple(some), tuple(torn), chance.choice(SENSITIVITIES))


def audience(chance: Chance) -> tuple[str, ...]:
    """Draw an audience."""
    if chance.random() < 0.3:
        return (PUBLIC,)
    return tuple(sorted(chance.sample(PARTIES, chance.randint(1, 3))))


def graph(chance: Chance, most: int = 7) -> Graph:
    """Draw a case of up to ``most`` items."""
    items: list[Item] = []
    for _ in range(chance.randint(1, most)):
        items.append(item(chance, [i.id for i in items]))
    decisions = _decisions(chance, items)
    history = History("2018-02-13-" + word(chance))
    for each in decisions:
        history.take(each.nation, each)
    case = history.case()
    return Graph(case, {i.id: track(chance, i) for i in case.items if i.kind == "track"})


def item(chance: Chance, others: Sequence[str]) -> Item:
    """Draw an item that may rest on others."""
    kind = chance.choice(KINDS)
    mark = marking(chance)
    name = f"item:{chance.getrandbits(128):032x}"
    under = [o for o in others if chance.random() < (0.6 if kind == "conclusion" else 0.12)]
    if chance.random() < 0.03:
        under.append(f"item:{chance.getrandbits(128):032x}")
    ships = tuple(s for s in SHIPS if chance.random() < 0.5)
    ships = (*ships, f"ship:{word(chance)}") if chance.random() < 0.1 else ships
    return filled(Item(name, kind, "", mark, ships=ships, rests_on=tuple(under)), chance, others)


def filled(bare: Item, chance: Chance, others: Sequence[str]) -> Item:
    """Draw all that an item says."""
    start = EPOCH + timedelta(seconds=chance.uniform(0.0, 86400.0 * 20))
    start = start.replace(microsecond=chance.randint(0, 999) * 1000)
    end = start + timedelta(milliseconds=chance.randint(1, 40_000_000))
    lon, lat = chance.uniform(-180.0, 180.0), chance.uniform(-88.0, 88.0)
    told = f"{word(chance)} alongside {word(chance)} at {lat:.5f} {lon:.5f} on {start:%Y-%m-%dT%H:%M:%S}"
    origin = word(chance)
    return replace(
        bare, sentence=told, start=start, end=end, lon=lon, lat=lat,
        error_m=chance.choice((None, chance.uniform(5.0, 90_000.0))), observer=word(chance),
        platform=chance.choice((None, f"{word(chance)} 5062")), origin=origin,
        facts=facts(chance, bare, others, origin), reasons=reasons(chance), reliability=chance.choice("ABCF"),
        credibility=chance.randint(1, 6), citation=word(chance), source=hashed("sighting", chance),
        mmsi=chance.randint(200_000_000, 799_999_999) if bare.kind == "track" else None, rows=rows(chance, lon, lat),
        sha256=hashlib.sha256(word(chance).encode()).hexdigest(),
    )  # fmt: skip


def facts(chance: Chance, of: Item, others: Sequence[str], origin: str) -> tuple[LegalFact, ...]:
    """Draw facts, of kinds that tell a place and of kinds that do not."""
    drawn: list[LegalFact] = []
    about = chance.choice(of.ships) if of.ships else None
    evidence = tuple(o for o in others if chance.random() < 0.05)
    on = date(2018, 2, 13)
    if about and chance.random() < 0.6:
        drawn.append(
            LegalFact(of.id, "transfer", about, "gave", chance.choice(SHIPS), since=on, act=word(chance))
        )
    if about and chance.random() < 0.6:
        drawn.append(LegalFact(of.id, "coast_nm", about, amount=chance.uniform(1.0, 300.0)))
    if about and chance.random() < 0.5:
        drawn.append(LegalFact(of.id, "zone", about, "territorial sea", object=word(chance)))
    if about and chance.random() < 0.5:
        drawn.append(
            LegalFact(of.id, "flag", about, chance.choice(("TGO", word(chance))), grade=word(chance))
        )
    if chance.random() < 0.3:
        drawn.append(LegalFact(of.id, "goods", None, chance.choice(("2710", word(chance)))))
    return tuple(replace(f, origin=origin, evidence=evidence) for f in drawn)


def reasons(chance: Chance) -> tuple[Reason, ...]:
    """Draw reasons for and against."""
    names = ("breach", "bunkering", "waiting")
    return tuple(
        Reason(n, chance.random() < 0.7, chance.uniform(0.01, 6.0), word(chance), word(chance), word(chance))
        for n in names
        if chance.random() < 0.4
    )


def rows(chance: Chance, lon: float, lat: float) -> str:
    """Draw the desk's own row of something."""
    told = {"id": hashed("encounter", chance), "lon": lon, "lat": lat, "note": word(chance), "track_a": 17,
            "evidence": [hashed("position", chance)], "known_at": word(chance), "receipt": 4}  # fmt: skip
    return json.dumps(told)


def track(chance: Chance, of: Item) -> pl.DataFrame:
    """Draw positions of a track, some of them of other ships and times."""
    assert of.start is not None  # noqa: S101 - every drawn item has a time; mypy asks
    count = chance.randint(1, 6)
    times = [of.start + timedelta(minutes=chance.uniform(-30.0, 60.0)) for _ in range(count)]
    return pl.DataFrame(
        {
            "mmsi": [of.mmsi if chance.random() < 0.8 else 200_000_001 for _ in range(count)],
            "time": [t.replace(microsecond=0) for t in times],
            "lon": [chance.uniform(-180.0, 180.0) for _ in range(count)],
            "lat": [chance.uniform(-89.0, 89.0) for _ in range(count)],
            "station": [word(chance) for _ in range(count)],
            "receipt": [chance.randint(1, 99) for _ in range(count)],
        },
        schema_overrides={"time": pl.Datetime("ms", "UTC")},
    )


def _decisions(chance: Chance, items: Sequence[Item]) -> list[Decision]:
    made = [_decision(chance, "open", told=_opening(chance))]
    made += [_decision(chance, "add", item=i, nation=i.marking.originator) for i in items]
    for _ in range(chance.randint(0, 6)):
        known = [*(i.id for i in items), *(d.id for d in made[1:])]
        act = chance.choice(ACTS)
        some = tuple(k for k in known if chance.random() < 0.25)
        if act == "withdraw":
            some = tuple(i.id for i in items if chance.random() < 0.2)
        made.append(_decision(chance, act, rests_on=some, told=_told(chance, act)))
    markings = {i.id: i.marking for i in items} | {d.id: d.marking for d in made[1:]}
    for one, mark in markings.items():
        if chance.random() < 0.12:
            wider = replace(mark, tlp="TLP:CLEAR", releasable_to=())
            made.append(_decision(chance, "permit", nation=mark.originator, rests_on=(one,), permits=wider))
    return made


def _opening(chance: Chance) -> dict[str, str]:
    return {"title": f"Case {word(chance)}", "day": "2018-02-13", "ships": f"ship:{word(chance)} {SHIPS[0]}"}


def _told(chance: Chance, act: str) -> dict[str, str]:
    until = {"until": "2018-03-01"} if act == "offer_reply" else {}
    to = chance.choice((*PARTIES, PUBLIC)) if act == "copy" else word(chance)
    return {"to": to, "list": word(chance), "by": word(chance), "sha256": word(chance), **until}


def _decision(
    chance: Chance,
    act: str,
    item: Item | None = None,
    nation: str | None = None,
    rests_on: tuple[str, ...] = (),
    told: Mapping[str, str] | None = None,
    permits: Marking | None = None,
) -> Decision:
    at = EPOCH + timedelta(days=30, seconds=chance.randint(0, 86400 * 3), milliseconds=chance.randint(1, 999))
    mark = item.marking if item is not None and chance.random() < 0.7 else marking(chance)
    return Decision(
        f"decision:{chance.getrandbits(128):032x}", act, word(chance), chance.choice(ROLES),
        nation or mark.originator, word(chance), at, mark, rests_on or (item.rests_on if item else ()), item,
        told or {}, permits,
    )  # fmt: skip


def otherwise(known: Graph, levels: Mapping[str, Level], chance: Chance) -> Graph:
    """Give a case that differs in what is withheld or was coarsened away, and in nothing else.

    Withheld items and decisions say other things, under other ids, and there are more of them; coarsened items lie
    elsewhere in their cells and at another time of their hours and days.

    Args:
        known: The case.
        levels: How much of each item and decision an audience may have.
        chance: What draws the other values.
    """
    case = known.case
    shut = [*case.withdrawn, *(one for one, level in levels.items() if level == "withheld")]
    ids = {one: f"{one.split(':', maxsplit=1)[0]}:{chance.getrandbits(128):032x}" for one in shut}
    items = tuple(_other_item(i, levels[i.id], ids, chance) for i in case.items)
    by_id = dict(zip((i.id for i in case.items), items, strict=True))
    decisions = [_other_decision(d, levels[d.id], ids, by_id, chance) for d in case.decisions]
    extra = [
        replace(item(chance, [i.id for i in items]), marking=Marking("NOBODY"))
        for _ in range(chance.randint(0, 3))
    ]
    decisions += [replace(_decision(chance, "add", item=i), marking=Marking("NOBODY")) for i in extra]
    decisions += [_decision(chance, "copy", told={"to": word(chance)}) for _ in range(chance.randint(0, 2))]
    others = replace(
        case, title=word(chance), items=(*items, *extra), decisions=tuple(decisions),
        version=len(decisions), withdrawn=tuple(ids[w] for w in case.withdrawn), conflicts=(word(chance),),
    )  # fmt: skip
    tracks = {
        ids.get(i, i): frame
        if levels[i] == "full"
        else frame.with_columns(lon=pl.lit(chance.uniform(-1.0, 1.0)))
        for i, frame in known.tracks.items()
    }
    return Graph(others, tracks)


def _other_item(one: Item, level: Level, ids: Mapping[str, str], chance: Chance) -> Item:
    under = tuple(ids.get(u, u) for u in one.rests_on)
    if level == "full":
        facts = tuple(replace(f, evidence=tuple(ids.get(e, e) for e in f.evidence)) for f in one.facts)
        return replace(one, rests_on=under, facts=facts)
    if level == "withheld":
        other = filled(replace(one, id=ids[one.id], rests_on=under), chance, ())
        return replace(other, ships=(f"ship:{word(chance)}",))
    return _other_fine(one, ids, chance)


def _other_fine(one: Item, ids: Mapping[str, str], chance: Chance) -> Item:
    other = filled(one, chance, ())
    grain = GRAINS[one.marking.sensitivity]
    assert one.start is not None and one.end is not None and one.lon is not None and one.lat is not None  # noqa: PT018, S101 - as above
    lon, lat = one.lon + chance.uniform(-0.05, 0.05), one.lat + chance.uniform(-0.05, 0.05)
    if cell(lon, lat, grain.cell_min, one.error_m) != cell(one.lon, one.lat, grain.cell_min, one.error_m):
        lon, lat = one.lon, one.lat
    return replace(
        other, lon=lon, lat=lat, error_m=one.error_m, start=_within(one.start, grain.span, chance),
        end=_within(one.end, grain.span, chance), platform=one.platform and word(chance),
        reliability=one.reliability, credibility=one.credibility, rests_on=tuple(ids.get(u, u) for u in one.rests_on),
        reasons=tuple(replace(r, weight=_alike(r.weight, chance), sentence=word(chance), weight_origin=word(chance),
                              observation=word(chance)) for r in one.reasons),
        facts=tuple(_other_fact(f, ids, chance) for f in one.facts),
    )  # fmt: skip


def _other_fact(fact: LegalFact, ids: Mapping[str, str], chance: Chance) -> LegalFact:
    free = fact.value is not None and fact.value.startswith(MARK)
    return replace(
        fact, origin=word(chance), amount=fact.amount and chance.uniform(1.0, 300.0),
        value=word(chance) if free else fact.value, evidence=tuple(ids.get(e, e) for e in fact.evidence),
        grade=word(chance) if fact.grade.startswith(MARK) else fact.grade,
        object=word(chance) if fact.kind == "zone" else fact.object,
    )  # fmt: skip


def _alike(weight: float, chance: Chance) -> float:
    """Draw another weight between the same two coarse ones."""
    edges = (0.0, *WEIGHTS, 8.0)
    below = max(e for e in edges if e <= weight)
    above = min(e for e in edges if e > weight)
    return min(max(chance.uniform(below, above), below + 1e-6), above - 1e-6)


def _within(moment: datetime, span: timedelta, chance: Chance) -> datetime:
    """Draw another moment of the same hour or day."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    start = midnight + ((moment - midnight) // span) * span
    return start + chance.randint(0, int(span.total_seconds()) - 1) * timedelta(seconds=1)


def _other_decision(
    one: Decision, level: Level, ids: Mapping[str, str], items: Mapping[str, Item], chance: Chance
) -> Decision:
    under = tuple(ids.get(u, u) for u in one.rests_on)
    held = one.item and replace(
        items.get(one.item.id, one.item), id=ids.get(one.item.id, one.item.id), marking=one.item.marking,
        rests_on=tuple(ids.get(u, u) for u in one.item.rests_on),
    )  # fmt: skip
    same = replace(one, id=ids.get(one.id, one.id), rests_on=under, item=held)
    if one.act == "copy":
        # Who was given a copy knows of it, and may be told that it was taken back.
        return replace(same, why=word(chance), told={"to": one.told["to"]})
    if level == "full":
        return same
    other = replace(
        same, why=word(chance), told={k: v if k == "until" else word(chance) for k, v in one.told.items()}
    )
    if level == "withheld":
        return replace(other, who=word(chance), at=one.at + timedelta(seconds=chance.randint(1, 999)))
    return replace(other, at=_within(one.at, timedelta(days=1), chance))
