"""Entries out of the advanced XML: numbers become words, profiles become designations, relationships edges.

The words are those of the legacy files, so that ``ofac_entries`` reads both: a feature ``Vessel Call Sign`` with
``UBXX5`` and a paper ``MMSI`` with ``273000000`` are statements like any other.  Unlike the legacy files this one
says since when an entry is listed, and which profile a relationship leads to.
"""

from __future__ import annotations

from dataclasses import replace

from clearwake.lists.edges import ownership
from clearwake.lists.editions import Draft
from clearwake.lists.fields import Leftovers
from clearwake.lists.ofac_advanced import Alias, Listing, Profile, Relation, Value, Web, read
from clearwake.lists.ofac_entries import CARD, Entry, Statements, built, kind_of, part_of
from clearwake.lists.values import Issues, folded, remarks
from clearwake.model import Designation, Party

LAST_NAME = "last name"
"""The kind of name part before the comma: ``AHMADI, Ali``."""

PLACES = frozenset({"nationality", "citizen", "Nationality of Registration"})
"""Features whose place is said as a country, as the legacy files do."""

UNDETERMINED = "undetermined"

REVERSED = "Owns, controls, or operates"


def read_advanced(name: str, content: bytes, draft: Draft) -> Draft:
    """Read the advanced XML into ``draft``.

    Raises:
        UnreadableFileError: If it is another file, or not well formed to its end.
    """
    leftovers = Leftovers()
    web = read(name, content, leftovers)
    draft.dated = web.published
    for profile in web.profiles:
        _enter(profile, web, draft)
    names = {entry.id: entry.name for entry in draft.entries} | {one.id: one.name for one in draft.parties}
    _relate(web.relations, web, draft, names)
    known = {f"ofac:{profile.number}" for profile in web.profiles}
    for number in (number for number in web.listings if f"ofac:{number}" not in known):
        draft.reject(None, "entry of an unknown party", f"ProfileID {number}")
    draft.reject_unknown(leftovers)
    draft.part = _part(web, draft)
    return draft


def _part(web: Web, draft: Draft) -> str:
    """Name the part by the lists that the entries say they are on, else by their programmes."""
    said = [web.word("List", number) or "" for one in web.listings.values() for number in one.lists]
    on_sdn = sum("sdn list" in one.lower() and "non-sdn" not in one.lower() for one in said)
    if any(not one.startswith("List ") for one in said):
        return "sdn" if on_sdn * 2 >= len(said) else "consolidated"
    return part_of([entry.programmes for entry in draft.entries])


def _enter(profile: Profile, web: Web, draft: Draft) -> None:
    issues, names = Issues(), _Names(profile, web)
    if not (profile.number and names.first):
        found = f"profile {profile.number}, name {names.first}"
        draft.reject(profile.line, "no name" if profile.number else "no number", found)
        return
    entry = _entry(profile, web, names, issues)
    if profile.number in web.listings:
        draft.entries.append(_designation(entry, web, web.listings[profile.number], issues))
    else:
        draft.parties.append(
            Party(f"ofac:{entry.number}", "ofac", entry.kind, entry.name, tuple(entry.aliases))
        )


class _Names:
    """The names of a profile, by kind: the first one is the one it is listed under."""

    def __init__(self, profile: Profile, web: Web) -> None:
        self.first: str | None = None
        self.aliases, self.former, self.weak = list[str](), list[str](), list[str]()
        self._groups, self._web = profile.groups, web
        for alias in sorted(profile.aliases, key=lambda one: not one.is_primary):
            self._hear(alias)

    def _hear(self, alias: Alias) -> None:
        said = [self._said(spelling) for spelling in alias.spellings]
        if self.first is None and said:
            self.first, said = said[0], said[1:]
        kind = (self._web.word("AliasType", alias.kind) or "").upper()
        fitting = self.weak if alias.is_weak else self.former if kind.startswith("F.K.A") else self.aliases
        fitting.extend(said)

    def _said(self, parts: list[tuple[str, str]]) -> str:
        """Join the parts of a name as the legacy files do: ``LAST, First Middle``; other names as they stand."""
        kinds = [self._web.word("NamePartType", self._groups.get(group)) for group, _ in parts]
        last = [
            text for (_, text), kind in zip(parts, kinds, strict=True) if (kind or "").lower() == LAST_NAME
        ]
        rest = [
            text for (_, text), kind in zip(parts, kinds, strict=True) if (kind or "").lower() != LAST_NAME
        ]
        return ", ".join(filter(None, (" ".join(last), " ".join(rest))))


def _entry(profile: Profile, web: Web, names: _Names, issues: Issues) -> Entry:
    statements, told, ship, countries = (
        Statements(),
        list[tuple[str, str | None]](),
        dict[str, str](),
        list[str](),
    )
    for number, values in profile.features:
        label = (web.word("FeatureType", number) or "").strip()
        meaning = CARD.lookups["features"].get(label.lower(), label) or ""
        for value in values:
            text, country = _said(value, web, meaning)
            if not text:
                continue
            if meaning.startswith("ship "):
                ship.setdefault(meaning.removeprefix("ship "), text)
                continue
            statement = text if not meaning else f"{meaning} {text}"
            statements.hear(statement)
            countries += [country] if country and meaning == "address:" else []
            told.append(("", statement))
    told += [("", document) for document in _documents(profile, web, statements)]
    statements.hear_all(profile.comment or "")
    kind = web.word("PartySubType", profile.kind)
    if kind == "Unknown" or kind is None:
        kind = web.word("PartyType", web.party_types.get(profile.kind))
    return Entry(
        number=profile.number,
        line=profile.line,
        kind=kind_of(kind, issues),
        name=names.first or "",
        programmes=(),
        statements=statements,
        aliases=names.aliases,
        former_names=names.former,
        weak_names=names.weak,
        callsign=ship.get("call sign"),
        ship_type=ship.get("type"),
        tonnage=remarks(("deadweight", ship.get("tonnage")), ("gross", ship.get("gross"))),
        flag=ship.get("flag"),
        owner=ship.get("owner"),
        countries=countries,
        remark=remarks(*told, ("", profile.comment)),
    )


def _said(value: Value, web: Web, meaning: str) -> tuple[str | None, str | None]:
    """Give a value in words, and the country it is in where it is a place."""
    if value.kind == "text":
        return value.said, None
    if value.kind == "DetailReference":
        return web.word(value.kind, value.said), None
    place = web.locations.get(value.said)
    if place is None:
        return None, None
    parts = [text for _, text in place.parts]
    countries = [word for kind, number in place.countries if (word := web.word(kind, number))]
    country = next((one for one in countries if one.lower() != UNDETERMINED), None)
    if meaning in PLACES or meaning.startswith("ship "):
        return country or next(iter(parts), None), country
    return ", ".join([*parts, *([country] if country and country not in parts else [])]) or None, country


def _documents(profile: Profile, web: Web, statements: Statements) -> list[str]:
    documents = []
    for paper in (paper for identity in profile.identities for paper in web.papers.get(identity, ())):
        kind, country = web.word("IDRegDocType", paper.kind), web.word("Country", paper.country)
        said = " ".join(filter(None, (kind, paper.number, f"({country})" if country else None)))
        statements.hear(" ".join(filter(None, (kind, paper.number))))
        told = [_dated(one, web) for one in paper.told if one != paper.number]
        documents.append(" ".join((said, *told)))
    return documents


def _dated(told: str, web: Web) -> str:
    number, is_date, said = told.partition("\0")
    return f"{web.word('IDRegDocDateType', number)}: {said}" if is_date else told


def _designation(entry: Entry, web: Web, listing: Listing, issues: Issues) -> Designation:
    programmes, measures = list[str](), list[str]()
    for number, comment in listing.measures:
        kind = web.word("SanctionsType", number) or ""
        is_programme = kind == "Program" or (kind.startswith("SanctionsType ") and comment)
        (programmes if is_programme else measures).append(folded((comment or "") if is_programme else kind))
    bases = [web.word("LegalBasis", number) or "" for number in listing.bases]
    lists = [web.word("List", number) or "" for number in listing.lists]
    entry = replace(
        entry,
        programmes=tuple(dict.fromkeys(filter(None, programmes))),
        remark=remarks(
            ("", entry.remark),
            *(("legal basis", basis) for basis in dict.fromkeys(bases)),
            *(("list", one) for one in dict.fromkeys(lists)),
            *(("", comment) for comment in listing.comments),
        ),
    )
    made = built(entry, issues)
    return replace(
        made,
        listed_on=min(listing.dates, default=None),
        measures=tuple(dict.fromkeys((*filter(None, measures), *made.measures))),
    )


def _relate(relations: list[Relation], web: Web, draft: Draft, names: dict[str, str]) -> None:
    """Add an edge for each relationship, and what it is linked to to each entry, as the legacy files say it."""
    linked: dict[str, list[str]] = {}
    for relation in relations:
        first, second = f"ofac:{relation.first}", f"ofac:{relation.second}"
        words = web.word("RelationType", relation.kind) or "relationship of no kind"
        if first not in names or second not in names:
            draft.reject(None, "relationship with an unknown party", f"{first} {words} {second}")
            continue
        linked.setdefault(first, []).append(names[second])
        role = CARD.lookups["relations"].get(words.lower()) or "linked"
        owner, owned = (first, second) if words.lower() == REVERSED.lower() else (second, first)
        either = "the list does not say whether it owns, or only controls" if role == "owner" else None
        draft.ownerships.append(
            ownership(draft, owner, owned, role, words, relation.is_former, (either, relation.comment))
        )
    draft.entries = [
        replace(entry, linked_to=tuple(dict.fromkeys((*entry.linked_to, *linked.get(entry.id, ())))))
        for entry in draft.entries
    ]
