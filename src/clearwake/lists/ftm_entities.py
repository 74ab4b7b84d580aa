"""One FollowTheMoney entity: what belongs to others, what becomes a designation or a party, what becomes an edge."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from clearwake.lists.cards import card
from clearwake.lists.editions import Draft
from clearwake.lists.fields import Leftovers
from clearwake.lists.topics import status_of
from clearwake.lists.values import (
    Issues,
    edge_of_period,
    folded,
    imo_numbers,
    mmsi_numbers,
    partial_day,
    remarks,
    share,
    ship_names,
)
from clearwake.model import Designation, Ownership, Party

CARD = card("ftm")

EDGES = {
    "Ownership": ("owner", "asset", "owner"),
    "Directorship": ("director", "organization", "linked"),
    "UnknownLink": ("subject", "object", "linked"),
    "Representation": ("agent", "client", "linked"),
    "Membership": ("member", "organization", "linked"),
    "Employment": ("employee", "employer", "linked"),
    "Associate": ("person", "associate", "linked"),
    "Family": ("person", "relative", "linked"),
    "Succession": ("predecessor", "successor", "linked"),
}
"""Entities that tie two others together: who, whom, and the role where the words of the edge give no other."""

OWN_EDGES = {"owner": "owner", "operator": "operator", "parent": "owner"}
"""Properties of an entity that lead to another one by its id, and the role of that other one."""

PAPERS = frozenset({"Identification", "Passport"})

NAMES = ("name", "alias", "previousName", "weakAlias", "abbreviation", "pastNames")
NUMBERS = ("registrationNumber", "idNumber", "taxNumber", "innCode", "ogrnCode", "leiCode", "uscCode", "vatCode",
           "dunsCode", "licenseNumber", "permId", "okpoCode", "kppCode", "bikCode", "swiftBic", "npiCode",
           "uniqueEntityId", "cageCode", "isin", "publicKey", "serialNumber")  # fmt: skip
COUNTRIES = ("nationality", "citizenship", "jurisdiction", "mainCountry", "country", "birthCountry")
TOLD = frozenset({"address", "summary", "description", "notes", "keywords", "position", "title", "gender", "birthPlace",
        "deathDate", "firstName", "secondName", "middleName", "fatherName", "motherName", "lastName",
        "nameSuffix", "maidenName", "ethnicity", "religion", "political", "profession", "education",
        "spokenLanguage", "appearance", "height", "weight", "eyeColor", "hairColor", "passportNumber",
        "socialSecurityNumber", "email", "phone", "website", "legalForm", "incorporationDate",
        "dissolutionDate", "status", "sector", "classification", "taxStatus", "model", "registrationDate",
        "pastTypes", "registrationPort", "navigationArea", "nameChangeDate", "crsNumber", "program",
        "programUrl", "currency", "amount", "amountUsd", "ticker", "issuer", "issueDate", "maturityDate",
        "managingExchange", "holder", "accountId", "balance", "icaoCode", "manufacturer", "cikCode",
        "irsCode", "jibCode", "mbsCode", "ibcRuc", "caemCode", "okvedCode", "okopfCode", "fnsCode", "fssCode",
        "pfrNumber", "oksmCode", "isinCode", "ricCode", "giiNumber", "coatoCode", "ipoCode", "voenCode",
        "capital", "bvdId", "sayariId", "brightQueryId", "nipCode", "figiCode", "wikidataId",
        "opencorporatesUrl", "icijId", "familyMember", "creationDate"})  # fmt: skip
"""Properties without a column of their own: they go into the remarks under their name."""
NOT_KEPT = ("createdAt", "modifiedAt", "retrievedAt", "sourceUrl", "alephUrl", "publisher", "publisherUrl", "proof",
            "wikipediaUrl", "indexText", "addressEntity", "programId", "topics")  # fmt: skip
"""Book-keeping, and what is looked at before."""
OF_SHIPS = ("mmsi", "callSign", "flag", "pastFlags", "type", "buildDate", "deadweightTonnage", "grossRegisteredTonnage",
            "tonnage")  # fmt: skip
"""What a party has no column for."""
OF_INTERVALS = ("description", "recordId", "country", "programUrl", "duration", "sharesCount", "sharesValue",
                "sharesCurrency", "sharesType", "legalBasis", "ownershipType", "status", "summary", "date",
                "namesMentioned", "secretary", "keywords")  # fmt: skip
"""What sanctions and edges say that is not kept, or was taken in part."""


@dataclass(frozen=True)
class Entity:
    """One line: what it is, and its properties, to be taken one by one."""

    number: int
    id: str
    schema: str
    caption: str
    properties: dict[str, list[str]]
    datasets: tuple[str, ...]
    last_seen: str
    strange: dict[str, str]

    def take(self, *names: str) -> list[str]:
        """Take every value of the properties, each once."""
        here = [name for name in names if name in self.properties]
        if len(here) == 1:
            return list(dict.fromkeys(self.properties.pop(here[0])))
        return list(dict.fromkeys(value for name in here for value in self.properties.pop(name)))

    def left(self) -> dict[str, str]:
        """Give what nobody took."""
        return {f"{self.schema}.{name}": "; ".join(values) for name, values in self.properties.items()}

    def first(self, *names: str) -> str | None:
        """Take the properties for their first value."""
        return next(iter(self.take(*names)), None)


@dataclass(frozen=True)
class Sanction:
    """One authority's sanction against one entity."""

    authority: str | None
    programmes: tuple[str, ...]
    provisions: tuple[str, ...]
    reference: str | None
    status: str | None
    since: datetime | None
    until: datetime | None
    told: str | None


@dataclass(frozen=True)
class Tie:
    """An edge, still between ids of the collection."""

    line: int
    owner: str
    owned: str
    role: str
    words: str | None
    shares: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None


@dataclass
class Belongings:
    """What belongs to entities, by their id."""

    sanctions: dict[str, list[Sanction]] = field(default_factory=lambda: defaultdict(list))
    papers: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    addresses: dict[str, str] = field(default_factory=dict)
    ties: list[Tie] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    known: set[str] = field(default_factory=set)
    """Ids of entities that are designations or parties."""
    seen: int = 0

    def take(self, entity: Entity, leftovers: Leftovers) -> None:
        """Take an entity that belongs to others; one that stands for itself is only counted."""
        self.seen += 1
        if entity.schema == "Sanction":
            sanction = _sanction(entity)
            for holder in entity.take("entity"):
                self.sanctions[holder].append(sanction)
        elif entity.schema in PAPERS:
            told = " ".join(entity.take("type", "number", "country", "authority", "startDate", "endDate"))
            for holder in entity.take("holder"):
                self.papers[holder].append(f"{entity.schema.lower()}: {told}")
        elif entity.schema == "Address":
            parts = entity.take("full") or entity.take(
                "street", "city", "postalCode", "region", "state", "country"
            )
            self.addresses[entity.id] = ", ".join(parts)
        elif entity.schema in EDGES:
            self.ties += _ties(entity)
        elif entity.schema.lower() not in CARD.lookups["kind"]:
            self.skipped[f"{entity.schema} entities, which are nobody"] += 1
        if entity.schema == "Sanction" or entity.schema in EDGES:
            entity.take(*NOT_KEPT, *OF_INTERVALS)
            leftovers.note(entity.number, entity.left())


def _sanction(entity: Entity) -> Sanction:
    issues = Issues()
    standing = CARD.lookups["standing"].get((entity.first("status") or "").lower())
    begins = [edge_of_period(one, issues, "start") for one in entity.take("startDate", "listingDate", "date")]
    ends = [edge_of_period(one, issues, "end", is_end=True) for one in entity.take("endDate")]
    return Sanction(
        entity.first("authority"),
        tuple(entity.take("programId", "program")),
        tuple(entity.take("provisions")),
        entity.first("authorityId", "unscId", "recordId"),
        standing,
        min(filter(None, begins), default=None),
        max(filter(None, ends), default=None),
        remarks(
            ("reason", entity.first("reason")),
            ("", entity.first("summary")),
            *(("", one) for one in issues.said),
        ),
    )


def _ties(entity: Entity) -> Iterator[Tie]:
    first, second, role = EDGES[entity.schema]
    words = entity.first("role", "relationship", "ownershipType", "status", "summary")
    told = (words or "").lower()
    role = next((r for said, r in CARD.lookups["roles"].items() if said in told and r), role)
    since, until = entity.first("startDate", "date"), entity.first("endDate")
    shares = tuple(entity.take("percentage"))
    owners, owned_by_them = entity.take(first), entity.take(second)
    for owner in owners:
        for owned in owned_by_them:
            yield Tie(entity.number, owner, owned, role, words or entity.schema, shares, since, until)


def enter(entity: Entity, belongings: Belongings, draft: Draft, leftovers: Leftovers) -> None:
    """Make a designation or a party of an entity that stands for itself; others have been taken before."""
    kind = CARD.lookups["kind"].get(entity.schema.lower())
    if kind is None:
        return
    topics, sanctions = entity.properties.get("topics", []), belongings.sanctions.get(entity.id, [])
    status = "listed" if sanctions else status_of(topics, CARD.lookups["topics"])
    name = entity.caption or next(iter(entity.properties.get("name", [])), "")
    if not folded(name):
        draft.reject(entity.number, "no name", f"{entity.schema} {entity.id}")
        return
    belongings.known.add(entity.id)
    for column, role in OWN_EDGES.items():
        for other in entity.take(column):
            belongings.ties.append(Tie(entity.number, other, entity.id, role, column))
    if status is None:
        draft.parties.append(_party(entity, kind, name, topics))
        return
    draft.enter(_designation(entity, kind, name, status, sanctions, belongings, draft))
    leftovers.note(
        entity.number, {f"{entity.schema}.{key}": "; ".join(one) for key, one in entity.properties.items()}
    )


def _party(entity: Entity, kind: str, name: str, topics: list[str]) -> Party:
    issues = Issues()
    imos = imo_numbers(" / ".join(entity.take("imoNumber")) or None, kind, CARD.lookups["imo"], issues)
    others = [one for one in map(folded, entity.take(*NAMES)) if one != folded(name)]
    return Party(
        id=f"ftm:{entity.id}",
        source="ftm",
        kind=kind,
        name=folded(name),
        aliases=tuple(dict.fromkeys(others)),
        country=entity.first(*COUNTRIES),
        birth_date="; ".join(partial_day(one) for one in entity.take("birthDate")) or None,
        registration="; ".join(entity.take(*NUMBERS)) or None,
        imo=next(iter(imos), None),
        topics=tuple(topics),
        issues=tuple(issues.said),
        line=entity.number,
    )


def _designation(
    entity: Entity,
    kind: str,
    name: str,
    status: str,
    sanctions: list[Sanction],
    belongings: Belongings,
    draft: Draft,
) -> Designation:
    issues = Issues()
    called, numbered = _called(entity, kind, name, issues), _numbered(entity, kind, issues)
    topics, programmes, countries = entity.take("topics"), entity.take("programId"), entity.take(*COUNTRIES)
    status, since, until = _standing(status, sanctions, draft)
    addresses = [
        belongings.addresses[one] for one in entity.take("addressEntity") if one in belongings.addresses
    ]
    made = Designation(
        id=f"ftm:{entity.id}",
        list="ftm",
        edition="",
        kind=kind,
        **called,
        **numbered,
        country=next(iter(countries), None),
        birth_date="; ".join(partial_day(one) for one in entity.take("birthDate")) or None,
        registration="; ".join(entity.take(*NUMBERS)) or None,
        programmes=tuple(dict.fromkeys((*programmes, *(p for one in sanctions for p in one.programmes)))),
        measures=tuple(dict.fromkeys((*topics, *(p for one in sanctions for p in one.provisions)))),
        reference=next((one.reference for one in sanctions if one.reference), None) or entity.id,
        status=status,
        listed_on=since,
        removed_on=until,
        remarks=remarks(
            *(("sanction", _told(one)) for one in sanctions),
            *(("country", one) for one in countries[1:]),
            *(("", one) for one in belongings.papers.get(entity.id, [])),
            *(("address", one) for one in addresses),
            *((what, one) for what in sorted(TOLD & entity.properties.keys()) for one in entity.take(what)),
            ("datasets", ", ".join(entity.datasets)),
        ),
        issues=tuple(issues.said),
        line=entity.number,
    )
    entity.take(*NOT_KEPT)
    return made


def _called(entity: Entity, kind: str, name: str, issues: Issues) -> dict[str, Any]:
    """Take every name, as the columns of a designation."""
    first, others, former = ship_names(name, issues) if kind == "vessel" else (folded(name), [], [])
    aliases = [one for one in map(folded, (*others, *entity.take("name", "alias"))) if one != first]
    formerly = [folded(one) for one in (*former, *entity.take("previousName", "pastNames"))]
    return {
        "name": first,
        "aliases": tuple(dict.fromkeys(aliases)),
        "former_names": tuple(dict.fromkeys(formerly)),
        "weak_names": tuple(folded(one) for one in entity.take("weakAlias", "abbreviation")),
    }


def _numbered(entity: Entity, kind: str, issues: Issues) -> dict[str, Any]:
    """Take a ship's numbers, flags and particulars, as the columns of a designation."""
    imos = imo_numbers(" / ".join(entity.take("imoNumber")) or None, kind, CARD.lookups["imo"], issues)
    mmsis = mmsi_numbers(" / ".join(entity.take("mmsi")) or None, {}, issues)
    callsigns, flags = entity.take("callSign"), entity.take("flag")
    for other in flags[1:]:
        issues.note(f"also listed under the flag {other!r}")
    years = [one[:4] for one in entity.take("buildDate") if one[:4].isdigit()]
    return {
        "imo": next(iter(imos), None),
        "other_imos": tuple(imos[1:]),
        "mmsi": next(iter(mmsis), None),
        "other_mmsis": tuple(str(number) for number in mmsis[1:]),
        "callsign": next(iter(callsigns), None),
        "other_callsigns": tuple(callsigns[1:]),
        "flag": next(iter(flags), None),
        "former_flags": tuple(entity.take("pastFlags")),
        "ship_type_text": "; ".join(entity.take("type")) or None,
        "tonnage": remarks(*((what, entity.first(column)) for what, column in TONNAGE)),
        "build_year": next((int(year) for year in years), None),
    }


TONNAGE = (("deadweight", "deadweightTonnage"), ("gross", "grossRegisteredTonnage"), ("", "tonnage"))


def _told(one: Sanction) -> str:
    dates = " to ".join(f"{at:%Y-%m-%d}" for at in (one.since, one.until) if at)
    return ", ".join(filter(None, (one.authority, *one.programmes, dates, one.told)))


def _standing(
    status: str, sanctions: list[Sanction], draft: Draft
) -> tuple[str, datetime | None, datetime | None]:
    """Give status, first day and last day: removed where every sanction has ended, or says that it has."""
    since = min((one.since for one in sanctions if one.since), default=None)
    ended = [
        one
        for one in sanctions
        if one.status == "removed" or (one.until and one.until <= draft.options.received_at)
    ]
    ends = [one.until for one in sanctions if one.until]
    if sanctions and len(ended) == len(sanctions):
        return "removed", since, max(ends, default=None)
    return status, since, max(ends) if sanctions and len(ends) == len(sanctions) else None


def add_edges(belongings: Belongings, draft: Draft) -> None:
    """Add every tie between entities of the collection; one that leads out of it goes to quarantine."""
    for tie in belongings.ties:
        absent = [one for one in (tie.owner, tie.owned) if one not in belongings.known]
        if absent:
            draft.reject(
                tie.line, "leads to an unknown entity", f"{tie.owner} {tie.words} {tie.owned}: {absent[0]}"
            )
            continue
        issues = Issues()
        has_share = tie.role in {"owner", "beneficial owner"}
        low, high = share(tie.shares, issues) if has_share else (None, None)
        draft.ownerships.append(
            Ownership(
                source="ftm",
                owner=f"ftm:{tie.owner}",
                owned=f"ftm:{tie.owned}",
                role=tie.role,
                share_low=low,
                share_high=high,
                share_text="; ".join(tie.shares) or None,
                role_text=tie.words,
                valid_from=edge_of_period(tie.since, issues, "the day it began"),
                valid_to=edge_of_period(tie.until, issues, "the day it ended", is_end=True),
                issues=tuple(issues.said),
                line=tie.line,
            )
        )
