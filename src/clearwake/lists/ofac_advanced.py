"""The US Treasury's advanced XML (``SDN_ADVANCED.XML``, ``CONS_ADVANCED.XML``): the same entries as a web of numbers.

Words stand once, in reference sets, and everything else points to them: a party has a profile, the profile has
features, a feature points to a place or a word, papers point to the identity, entries and relationships to the
profile.  The file is over a hundred megabytes, so every element is boiled down as soon as it is whole
(``Web``); ``ofac_profiles`` then puts the entries together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from clearwake.lists.fields import Element, Leftovers, elements
from clearwake.lists.values import folded

HOLDERS = ("Sanctions", "ReferenceValueSets", "Locations", "IDRegDocuments", "DistinctParties", "ProfileRelationships",
           "SanctionsEntries", "SanctionsEntryLinks")  # fmt: skip


@dataclass(frozen=True)
class Alias:
    """One name of a profile: its kind by number, and each script's spelling as parts with their own numbers."""

    kind: str
    is_primary: bool
    is_weak: bool
    spellings: list[list[tuple[str, str]]]
    """Parts of the name as (group, text); the first spelling is the one in Latin letters."""


@dataclass(frozen=True)
class Value:
    """What a feature says: text as it stands, or a number in the reference set ``kind``, or a place."""

    kind: str
    """``text``, ``DetailReference`` or ``Location``."""
    said: str


@dataclass(frozen=True)
class Profile:
    """One party, still in numbers."""

    number: str
    line: int
    kind: str
    comment: str | None
    identities: list[str]
    groups: Mapping[str, str]
    """Which kind of name part each group of name parts is."""
    aliases: list[Alias]
    features: list[tuple[str, list[Value]]]


@dataclass
class Listing:
    """What the sanctions entries of one profile say."""

    lists: list[str] = field(default_factory=list)
    dates: list[datetime] = field(default_factory=list)
    bases: list[str] = field(default_factory=list)
    measures: list[tuple[str, str | None]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Paper:
    """A document or registration: kind and country by number, its own number and what is said of it."""

    kind: str
    number: str | None
    country: str | None
    told: tuple[str, ...]


@dataclass(frozen=True)
class Relation:
    """One relationship, by the numbers of two profiles."""

    first: str
    second: str
    kind: str
    is_former: bool
    comment: str | None


@dataclass
class Web:
    """The whole file, boiled down."""

    published: datetime | None = None
    words: dict[tuple[str, str], str] = field(default_factory=dict)
    """Reference sets: ``("AliasType", "1400")`` is ``A.K.A.``"""
    party_types: dict[str, str] = field(default_factory=dict)
    """Which type of party each subtype belongs to."""
    papers: dict[str, list[Paper]] = field(default_factory=lambda: defaultdict(list))
    profiles: list[Profile] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    listings: dict[str, Listing] = field(default_factory=lambda: defaultdict(Listing))
    locations: dict[str, Place] = field(default_factory=dict)

    def word(self, kind: str, number: str | None) -> str | None:
        """Give what a number stands for; the number itself where the file does not say."""
        if number is None:
            return None
        return self.words.get((kind, number)) or f"{kind} {number}"


@dataclass(frozen=True)
class Place:
    """A location: its parts as (kind by number, text), and its countries by number."""

    parts: list[tuple[str, str]]
    countries: list[tuple[str, str]]
    """As (reference set, number): a country, or an area that stands for one."""


def read(name: str, content: bytes, leftovers: Leftovers) -> Web:
    """Boil the file down.

    Raises:
        UnreadableFileError: If it is another file, or not well formed to its end.
    """
    web = Web()
    for element in elements(name, content, HOLDERS):
        if element.tag.endswith("Values"):
            _take_words(element, web)
        elif element.tag in TAKING:
            TAKING[element.tag](element, web)
        elif element.tag == HOLDERS[0]:
            element.drop("Version", "schemaLocation")
        else:
            leftovers.note(element.number, {element.tag: folded(element.text)})
        leftovers.note(element.number, element.left(element.tag))
    return web


def _take_words(element: Element, web: Web) -> None:
    """Take a reference set whole: besides the words it holds only book-keeping."""
    for one in element.take_all(element.tag.removesuffix("Values")):
        number, text = one.attributes.get("ID", ""), folded(one.text)
        said = text or one.attributes.get("ISO2", "")
        if one.tag == "AreaCode":
            said = one.attributes.get("Description") or said
        if one.tag == "PartySubType":
            web.party_types[number] = one.attributes.get("PartyTypeID", "")
        web.words[one.tag, number] = said


def _take_day(element: Element) -> datetime | None:
    year, month, day = (element.take(part) for part in ("Year", "Month", "Day"))
    element.drop("CalendarTypeID")
    try:
        return datetime(int(year or ""), int(month or 1), int(day or 1), tzinfo=UTC)
    except ValueError:
        return None


def _take_issue(element: Element, web: Web) -> None:
    web.published = _take_day(element)


def _take_location(element: Element, web: Web) -> None:
    parts, countries = list[tuple[str, str]](), list[tuple[str, str]]()
    for part in element.items("LocationPart"):
        kind = part.attribute("LocPartTypeID") or ""
        for value in part.items("LocationPartValue"):
            value.drop("Primary", "LocPartValueTypeID", "LocPartValueStatusID", "Comment")
            said = value.take("Value")
            parts += [(kind, said)] if said else []
    for tag, attribute, kind in (
        ("LocationCountry", "CountryID", "Country"),
        ("LocationAreaCode", "AreaCodeID", "AreaCode"),
    ):
        for one in element.items(tag):
            countries += [(kind, number)] if (number := one.attribute(attribute)) else []
            one.drop("CountryRelevanceID")
    web.locations[element.attribute("ID") or ""] = Place(parts, countries)
    element.drop("FeatureVersionReference", "IDRegDocumentReference")


def _take_paper(element: Element, web: Web) -> None:
    told = [element.take(what) for what in ("Comment", "IssuingAuthority")]
    for date in element.items("DocumentDate"):
        what = date.attribute("IDRegDocDateTypeID") or ""
        periods = [_taken_period(one) for one in date.items("DatePeriod")]
        told += [f"{what}\0{said}" for said in periods if said]
    for at in element.items("IssuedIn-Location"):
        at.drop("LocationID")
    paper = Paper(
        element.attribute("IDRegDocTypeID") or "",
        element.take("IDRegistrationNo"),
        element.attribute("IssuedBy-CountryID"),
        tuple(filter(None, told)),
    )
    web.papers[element.attribute("IdentityID") or ""].append(paper)
    element.drop("ID", "ValidityID", "DocumentedNameReference", "IssuedIn-LocationID", "FeatureVersionReference",
                 "ProfileReference")  # fmt: skip


def _taken_period(element: Element) -> str | None:
    """Take a period and bring it to ISO 8601 as far as it goes; a whole year is a date known to the year."""
    bounds = dict[str, datetime | None]()
    about = False
    for side in ("Start", "End"):
        for one in element.items(side):
            about |= one.attribute("Approximate") == "true"
            for edge in ("From", "To"):
                for point in one.items(edge):
                    bounds[side + edge] = _take_day(point)
            one.drop("YearFixed", "MonthFixed", "DayFixed")
    element.drop("CalendarTypeID", "YearFixed", "MonthFixed", "DayFixed", "Comment", "DurationMinimum",
                 "DurationMaximum")  # fmt: skip
    known = [date for date in bounds.values() if date]
    if not known:
        return None
    first, last = min(known), max(known)
    if first == last:
        said = f"{first:%Y-%m-%d}"
    elif (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        said = f"{first:%Y}" if first.year == last.year else f"{first:%Y} to {last:%Y}"
    else:
        said = f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
    return f"about {said}" if about else said


def _take_party(element: Element, web: Web) -> None:
    comment = element.take("Comment")
    for profile in element.items("Profile"):
        groups, aliases, identities = dict[str, str](), list[Alias](), list[str]()
        for identity in profile.items("Identity"):
            identities += [identity.attribute("ID") or ""]
            for group in identity.items("NamePartGroups", "MasterNamePartGroup", "NamePartGroup"):
                groups[group.attribute("ID") or ""] = group.attribute("NamePartTypeID") or ""
            aliases += [_taken_alias(alias) for alias in identity.items("Alias")]
            identity.drop("FixedRef", "Primary", "False", "Comment")
        features = [_taken_feature(feature) for feature in profile.items("Feature")]
        web.profiles.append(
            Profile(
                profile.attribute("ID") or "",
                element.number,
                profile.attribute("PartySubTypeID") or "",
                comment,
                identities,
                groups,
                aliases,
                features,
            )
        )
        profile.drop("Comment", "SanctionsEntryReference", "ExternalReference")
    element.drop("FixedRef", "DeltaAction")


def _taken_alias(element: Element) -> Alias:
    spellings = list[list[tuple[str, str]]]()
    for name in element.items("DocumentedName"):
        parts = list[tuple[str, str]]()
        for part in name.items("DocumentedNamePart", "NamePartValue"):
            parts += (
                [(part.attribute("NamePartGroupID") or "", folded(part.text))] if part.text.strip() else []
            )
            part.text = ""
            part.drop("NamePartGroupID", "ScriptID", "ScriptStatusID", "Acronym")
        spellings += [parts] if parts else []
        name.drop("ID", "FixedRef", "DocNameStatusID", "DocumentedNameCountry", "Comment")
    told = {what: element.attribute(what) for what in ("AliasTypeID", "Primary", "LowQuality")}
    element.drop("FixedRef", "Comment")
    return Alias(
        told["AliasTypeID"] or "", told["Primary"] == "true", told["LowQuality"] == "true", spellings
    )


def _taken_feature(element: Element) -> tuple[str, list[Value]]:
    values = list[Value]()
    for version in element.items("FeatureVersion"):
        values += _taken_version(version)
        version.drop("ID")
    values += _taken_version(element)  # where the version is left out
    for reference in element.items("IdentityReference"):
        reference.drop("IdentityID", "IdentityFeatureLinkTypeID")
    element.drop("ID")
    return element.attribute("FeatureTypeID") or "", values


def _taken_version(element: Element) -> list[Value]:
    comments = element.texts("Comment")
    periods = [period for one in element.items("DatePeriod") if (period := _taken_period(one))]
    values = [Value("text", period) for period in periods]
    for detail in element.items("VersionDetail"):
        reference, text = detail.attribute("DetailReferenceID"), folded(detail.text)
        detail.text = ""
        values += [Value("DetailReference", reference)] if reference else []
        values += [Value("text", text)] if text else []
        detail.drop("DetailTypeID")
    for place in element.items("VersionLocation"):
        values += [Value("Location", number)] if (number := place.attribute("LocationID")) else []
    element.drop("ReliabilityID", "ReliabilityReference")
    return values + [Value("text", comment) for comment in comments]


def _take_relation(element: Element, web: Web) -> None:
    web.relations.append(
        Relation(
            element.attribute("From-ProfileID") or "",
            element.attribute("To-ProfileID") or "",
            element.attribute("RelationTypeID") or "",
            element.attribute("Former") == "true",
            element.take("Comment"),
        )
    )
    element.drop(
        "ID", "RelationQualityID", "SanctionsEntryID", "IDRegDocumentReference", "DatePeriod", "Comment"
    )


def _take_entry(element: Element, web: Web) -> None:
    listing = web.listings[element.attribute("ProfileID") or ""]
    listing.lists += filter(None, [element.attribute("ListID")])
    for event in element.items("EntryEvent"):
        listing.bases += filter(None, [event.attribute("LegalBasisID")])
        listing.dates += filter(None, [_take_day(date) for date in event.items("Date")])
        listing.comments += event.texts("Comment")
        event.drop("ID", "EntryEventTypeID")
    for measure in element.items("SanctionsMeasure"):
        listing.measures.append((measure.attribute("SanctionsTypeID") or "", measure.take("Comment")))
        for period in measure.items("DatePeriod"):
            _taken_period(period)
        measure.drop("ID", "DatePeriod", "Comment")
    element.drop("ID", "LimitationsToPublic", "SanctionsEntryLink")


def _take_link(element: Element, _: Web) -> None:
    element.attributes, element.children = {}, []


TAKING: Mapping[str, Callable[[Element, Web], None]] = {
    "DateOfIssue": _take_issue,
    "Location": _take_location,
    "IDRegDocument": _take_paper,
    "DistinctParty": _take_party,
    "ProfileRelationship": _take_relation,
    "SanctionsEntry": _take_entry,
    "SanctionsEntryLink": _take_link,
}
"""What takes each element below the holders."""
