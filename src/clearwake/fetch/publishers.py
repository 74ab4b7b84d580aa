"""Where publishers keep their files.

Every address can be replaced (see ``docs/sources/fetch.md``).  They are as the publishers' own pages and users of
the files give them; they were not tried from where clearwake is built, so a publisher that has moved answers 404.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Place:
    """One place a publisher may keep a file at."""

    key: str
    """What to call it when replacing its address."""
    address: str
    """With ``{day:%Y-%m-%d}`` for the day and ``{token}`` for a token, where it has them."""
    kind: str
    """What the file must be: ``zip``, ``zstandard``, ``gzip``, ``xml`` or ``plain``."""
    covers: str
    """How much of time one file covers: ``day``, ``month`` or ``edition``."""
    name: str | None = None
    """What to call the file, where the address does not end in its name."""
    roots: frozenset[str] = frozenset()
    """What the outermost element of an XML file may be called; any, if none is named."""


@dataclass(frozen=True)
class Publisher:
    """Someone who publishes, and the places to look in, one after another, until one has the file."""

    name: str
    title: str
    places: tuple[Place, ...]

    @property
    def is_by_day(self) -> bool:
        """Whether a day has to be named; otherwise there is only the latest edition."""
        return any("{day" in place.address for place in self.places)

    @property
    def needs_token(self) -> bool:
        """Whether the publisher gives files only to those with a token."""
        return any("{token}" in place.address for place in self.places)

    def at(self, addresses: Mapping[str, str]) -> Publisher:
        """Give the publisher with replaced addresses; if any of its places is replaced, only those are used."""
        own = [replace(p, address=addresses[p.key]) for p in self.places if p.key in addresses]
        return replace(self, places=tuple(own)) if own else self


_NOAA = "https://coast.noaa.gov/htdata/CMSP/AISDataHandler/{day:%Y}/"
_DMA = "https://aisdata.ais.dk/"

PUBLISHERS: tuple[Publisher, ...] = (
    Publisher(
        "noaa",
        "AIS of US waters, a file a day, published yearly (NOAA, MarineCadastre)",
        (
            Place("noaa", _NOAA + "AIS_{day:%Y_%m_%d}.zip", "zip", "day"),
            # From 2025 on.
            Place("noaa.zst", _NOAA + "ais-{day:%Y-%m-%d}.csv.zst", "zstandard", "day"),
        ),
    ),
    Publisher(
        "dma",
        "AIS of Danish waters, a file a day, older ones a file a month (Danish Maritime Authority)",
        (
            Place("dma", _DMA + "aisdk-{day:%Y-%m-%d}.zip", "zip", "day"),
            # Days of past years move into a folder of their year; before March 2024 there are only months.
            Place("dma.year", _DMA + "{day:%Y}/aisdk-{day:%Y-%m-%d}.zip", "zip", "day"),
            Place("dma.month", _DMA + "{day:%Y}/aisdk-{day:%Y-%m}.zip", "zip", "month"),
            Place("dma.old", _DMA + "aisdk-{day:%Y-%m}.zip", "zip", "month"),
        ),
    ),
    Publisher(
        "ofac",
        "US Specially Designated Nationals list (Treasury, Office of Foreign Assets Control)",
        (
            Place(
                "ofac",
                "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/SDN.XML",
                "xml",
                "edition",
                roots=frozenset({"sdnList", "Sanctions"}),
            ),
        ),
    ),
    Publisher(
        "un",
        "United Nations Security Council consolidated list",
        (
            Place(
                "un",
                "https://scsanctions.un.org/resources/xml/en/consolidated.xml",
                "xml",
                "edition",
                name="un-consolidated.xml",
                roots=frozenset({"CONSOLIDATED_LIST"}),
            ),
        ),
    ),
    Publisher(
        "eu",
        "European Union consolidated financial sanctions list; needs a token",
        (
            Place(
                "eu",
                "https://webgate.ec.europa.eu/fsd/fsf/public/files/xmlFullSanctionsList_1_1/content?token={token}",
                "xml",
                "edition",
                name="eu-consolidated.xml",
                roots=frozenset({"export"}),
            ),
        ),
    ),
    Publisher(
        "uk",
        "UK sanctions list (Foreign, Commonwealth and Development Office)",
        (
            Place(
                "uk",
                "https://sanctionslist.fcdo.gov.uk/docs/UK-Sanctions-List.xml",
                "xml",
                "edition",
                roots=frozenset({"Designations"}),
            ),
        ),
    ),
    Publisher(
        "ftm",
        "OpenSanctions' collection of sanctions in FollowTheMoney JSON lines; CC BY-NC",
        (
            Place(
                "ftm",
                "https://data.opensanctions.org/datasets/latest/sanctions/entities.ftm.json",
                "plain",
                "edition",
                # The file's name is what its editions are known by.
                name="sanctions.ftm.json",
            ),
        ),
    ),
    Publisher(
        "maritime",
        "OpenSanctions' table of ships and shipping companies; CC BY-NC",
        (
            Place(
                "maritime",
                "https://data.opensanctions.org/datasets/latest/maritime/maritime.csv",
                "plain",
                "edition",
            ),
        ),
    ),
)
