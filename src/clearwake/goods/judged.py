"""Goods held against the law of their day: what is on file first, then what is prohibited or has to be notified."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from clearwake.goods.cargo import Cargo, Read, candidates
from clearwake.goods.covered import PART, WHOLE, Covered, condition, covered, strongest
from clearwake.goods.finding import AGAINST, FOR, Found, latest
from clearwake.goods.headings import Reading
from clearwake.goods.law import Provision, provisions
from clearwake.goods.nation import DPRK, RAJIN
from clearwake.goods.permitted import Held, Permit, best, held
from clearwake.model.quantities import Factor, compared

NOTIFIABLE = ("notified",)


@dataclass
class Use:
    """What shipments use of the quantity of one permit."""

    permit: Permit
    shipments: list[tuple[Cargo, Held, Factor | None, str]] = field(default_factory=list)


class Uses:
    """Which shipments are covered by which permits, so that their quantities can be added up in the end."""

    def __init__(self) -> None:
        self._uses: dict[str, Use] = {}

    def add(self, cargo: Cargo, used: Held, by: Factor | None, provision: str) -> None:
        """Note that a shipment is covered by a permit; once, however many provisions it is held against."""
        use = self._uses.setdefault(str(used.permit), Use(used.permit))
        if all(each[0] is not cargo for each in use.shipments):
            use.shipments.append((cargo, used, by, provision))

    def over(self) -> Iterator[Found]:
        """Find the shipments with which more was shipped than is on file, in the order of their days."""
        for use in self._uses.values():
            yield from _over(use)


def judged(cargo: Cargo, read: Read, on_file: Sequence[Permit], uses: Uses) -> Iterator[Found]:
    """Hold one shipment's goods against every provision in force on its days.

    Args:
        cargo: The shipment.
        read: Reads descriptions.
        on_file: Exemptions and notifications.
        uses: Told which permits cover it.
    """
    readings = read(cargo.row["description"])
    if not cargo.row["hs_code"]:
        yield from _from_text(cargo, readings)
    if not cargo.days:
        text = f"{cargo.called}: no date that could be read, so no law can be chosen to judge it by"
        yield cargo.found("undated", None, text, judged_on=None)
        return
    may_be = candidates(cargo.row, readings)
    for way, ground in sorted(cargo.ways.items()):
        hits = [
            strongest(fitting)
            for provision in _in_force(way, cargo)
            if (
                fitting := [h for each in may_be if (h := covered(provision, each, cargo.row["description"]))]
            )
        ]
        for hit in hits:
            yield from _under(cargo, hit, ground, held(cargo, hit.candidate, hit.provision, on_file), uses)
        if may_be and not hits:
            yield _nothing(cargo, way, ground)


def as_sailed(row: Mapping[str, Any], read: Read) -> str:
    """Say which provisions would cover goods if they had been loaded, or left, where the papers do not say."""
    cargo, may_be = Cargo(row, {}, None, None), candidates(row, read(row["description"]))
    told = []
    for way, words in (("from", "come from"), ("to", "been left in")):
        covering = [
            p.reference
            for p in _in_force(way, cargo)
            if any(covered(p, c, row["description"]) for c in may_be)
        ]
        told.append(
            f"had they {words} the DPRK, {', '.join(covering) or 'no provision held here'} would cover them"
        )
    return f"of these goods ({cargo.called}): {'; '.join(told)}"


def _in_force(way: str, cargo: Cargo) -> list[Provision]:
    return [p for p in provisions() if p.direction == way and any(p.in_force(day) for day in cargo.days)]


def _from_text(cargo: Cargo, readings: Sequence[Reading]) -> Iterator[Found]:
    if not readings:
        text = (
            f"{cargo.called}: what the goods are cannot be told, neither by code nor by a word that is known"
        )
        yield cargo.found("goods_not_read", None, text)
    for each in readings[:3]:
        text = f"{cargo.called}: the description is read as heading {each.code}, score {each.score:.2f}: {each.why}"
        yield cargo.found("heading_from_text", None, text, score=each.score)


def _nothing(cargo: Cargo, way: str, ground: str) -> Found:
    text = f"{_opening(cargo, way, ground)}: no goods provision held here and in force on {_days(cargo)} covers it"
    return cargo.found("no_provision", AGAINST, text)


def _opening(cargo: Cargo, way: str, ground: str) -> str:
    return f"{cargo.called}, {way} the DPRK ({ground}), {_days(cargo)}"


def _days(cargo: Cargo) -> str:
    if cargo.loaded and cargo.discharged:
        return f"{cargo.loaded} to {cargo.discharged}"
    return str(cargo.judged_on)


def _under(cargo: Cargo, hit: Covered, ground: str, on_file: list[Held], uses: Uses) -> Iterator[Found]:
    """Judge a shipment under one provision; what is on file comes first."""
    exemption, notification = best(on_file, "exemption"), best(on_file, "notification")
    kind, is_for, verdict = _verdict(cargo, hit)
    by = cargo.factor(hit.candidate.code)
    if exemption:
        uses.add(cargo, exemption, by, hit.provision.reference)
        yield _found(cargo, hit, ground, ("exempted", AGAINST, exemption.sentence), exemption)
    elif notification and (kind in ("needs_notification", "capped_goods") or _winding_down(cargo, hit)):
        uses.add(cargo, notification, by, hit.provision.reference)
        yield _found(cargo, hit, ground, ("notified", AGAINST, notification.sentence), notification)
    else:
        beside = _beside(on_file, kind)
        yield _found(cargo, hit, ground, (kind, is_for, f"{verdict}{beside}"), None)


def _beside(on_file: Sequence[Held], kind: str) -> str:
    """Say what is on file and does not cover the shipment, or that nothing is."""
    near = [each for each in on_file if not each.covers]
    useless = [each for each in on_file if each.covers and each.permit.kind == "notification"]
    said = [each.sentence for each in near[:2]]
    said += [
        f"{each.sentence}; this paragraph does not allow goods because they were notified"
        for each in useless[:1]
    ]
    if said:
        return "; " + "; ".join(said)
    wanted = "notification or exemption" if kind == "needs_notification" else "exemption"
    return f"; no {wanted} on file agrees in goods, dates and a party or the ship"


def _verdict(cargo: Cargo, hit: Covered) -> tuple[str, bool | None, str]:
    """Say what a provision makes of goods for which nothing is on file: kind, for or against, and why."""
    provision = hit.provision
    if provision.rule == "capped":
        return "capped_goods", None, f"allowed up to {provision.cap}, which no single shipment shows"
    if provision.rule == "notified":
        return _notifiable(cargo, hit)
    if (rajin := condition(hit, "rajin")) and _may_be_rajin(cargo):
        return (
            "needs_notification",
            FOR,
            f"loaded at Rajin with declared origin {cargo.row['origin']}: {rajin.text}",
        )
    doubts = [*hit.doubts, *_doubts(cargo, hit)]
    winding_down = _winding_down(cargo, hit)
    unless = f"; {winding_down}" if winding_down else ""
    if doubts:
        return "possibly_prohibited_goods", FOR, "; ".join(doubts) + unless
    return "prohibited_goods", FOR, f"covered as a whole by {hit.code}{unless}"


def _notifiable(cargo: Cargo, hit: Covered) -> tuple[str, bool | None, str]:
    told = condition(hit, "notification")
    text = f"{told.text if told else 'to be notified'}; up to {hit.provision.cap}"
    if hit.provision.notify_from and max(cargo.days) < hit.provision.notify_from:
        return (
            "capped_goods",
            None,
            f"shipped before {hit.provision.notify_from}, when counting begins; {text}",
        )
    doubts = "; ".join([*hit.doubts, *_doubts(cargo, hit)])
    return "needs_notification", FOR, f"{text}{'; ' + doubts if doubts else ''}"


def _winding_down(cargo: Cargo, hit: Covered) -> str | None:
    """Give the terms on which goods of older contracts could still move that day; null where they could not."""
    wind_down = condition(hit, "wind_down")
    in_time = wind_down is not None and wind_down.until is not None and max(cargo.days) <= wind_down.until
    return wind_down.text if wind_down and in_time else None


def _may_be_rajin(cargo: Cargo) -> bool:
    origin = cargo.row["origin"]
    return cargo.port == RAJIN and origin is not None and not cargo.row["origin_there"] and origin != DPRK


def _doubts(cargo: Cargo, hit: Covered) -> list[str]:
    """Say what makes it less than certain that a provision applies."""
    said = []
    if not hit.candidate.is_claimed:
        said.append("by its description only, no customs code says so")
    if not hit.provision.in_force(cargo.days[0]):
        said.append(f"not yet in force when it was loaded on {cargo.days[0]}")
    if livelihood := condition(hit, "livelihood"):
        said.append(livelihood.text)
    return said


def _found(
    cargo: Cargo, hit: Covered, ground: str, verdict: tuple[str, bool | None, str], on_file: Held | None
) -> Found:
    kind, is_for, why = verdict
    provision = hit.provision
    law = f"{provision.reference} ({provision.verb}, in force from {provision.since}"
    law += f" to {provision.until})" if provision.until else ")"
    opening = _opening(cargo, provision.direction or "", ground)
    sentence = f"{opening}: by {hit.candidate.basis} under {law}, {provision.goods}: {why}"
    judged_on = next((day for day in cargo.days if provision.in_force(day)), cargo.judged_on)
    certain = kind in ("exempted", "notified")
    weight = PART if kind == "prohibited_goods" and _winding_down(cargo, hit) else 1.0
    return cargo.found(
        kind,
        is_for,
        sentence,
        provision=provision.reference,
        judged_on=judged_on,
        score=hit.candidate.score if certain else hit.score * weight,
        evidence=(on_file.permit.evidence,) if on_file else (),
        known_at=latest(cargo.known_at, on_file.permit.known_at if on_file else None),
    )


def _over(use: Use) -> Iterator[Found]:
    """Add up what is shipped under a permit, day by day, and find what goes over it."""
    limit, total, before = use.permit.amount, 0.0, 0
    order = sorted(
        use.shipments, key=lambda each: (str(each[0].judged_on), each[0].id, each[0].row.get("line") or 0)
    )
    for cargo, used, by, provision in order:
        if use.permit.quantity is None:
            continue
        both = compared(cargo.amount, limit, by) if cargo.amount and limit else None
        evidence = (use.permit.evidence,)
        known_at = latest(cargo.known_at, use.permit.known_at)
        if both is None:
            allowed = f"{use.permit.quantity:,g} {use.permit.unit or '(no unit)'}"
            text = (
                f"{cargo.measured} cannot be held against the {allowed} of "
                f"{use.permit.called}: {_why_not(cargo, used)}"
            )
            yield cargo.found(
                "quantity_not_comparable",
                None,
                text,
                provision=provision,
                evidence=evidence,
                known_at=known_at,
            )
            continue
        total += both.first
        beside = f", with {before} earlier under it {total:,.0f} {both.unit}" if before else ""
        before += 1
        if total > both.second * (1.0 + both.tolerance):
            text = (
                f"{cargo.measured} is {both.first:,.0f} {both.unit}{both.how}{beside}; {use.permit.called} is for "
                f"{both.second:,.0f} {both.unit}: {total - both.second:,.0f} {both.unit} more than on file"
            )
            yield cargo.found(
                "over_notified_quantity", FOR, text, provision=provision, score=WHOLE, evidence=evidence,
                known_at=known_at,
            )  # fmt: skip


def _why_not(cargo: Cargo, used: Held) -> str:
    if cargo.row["quantity"] is None:
        return "the shipment does not say how much it is"
    for amount, unit, whose in (
        (cargo.amount, cargo.row["unit"], "the shipment's"),
        (used.permit.amount, used.permit.unit, "its"),
    ):
        if amount is None:
            return f"{whose} unit {unit!r} is not known" if unit else f"{whose} quantity has no unit"
    return "one is a mass, the other a volume, and the density of these goods is not known"
