"""Sightings: what patrol ships, aircraft and people ashore saw, one row a sighting.

A row is rejected only where it has no time or no place; all else that is odd stays in the row's ``issues``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from clearwake.model import Options, Reading, Received, Sighting, conform
from clearwake.model.identifiers import imo_check_digit_holds
from clearwake.names.flags import read_flags
from clearwake.sources.cargo import issues
from clearwake.sources.columns import Wanted
from clearwake.sources.entries import Entries, entries
from clearwake.sources.facts import rejects
from clearwake.sources.identities import imos
from clearwake.sources.permissions import several
from clearwake.sources.photographs import photographs
from clearwake.sources.placed import PLACED, faults, ids, lengths_m, places_of, reasons, times_of
from clearwake.sources.sighting_words import CODES, codes_of, gradings, markings, partners
from clearwake.sources.values import whole_numbers

WANTED = Wanted(
    "a table of sightings",
    {
        **PLACED,
        "report": ("id", "report", "reportid", "reportno", "reportnumber", "sightingid", "sightingno", "reference",
                   "ref", "serial", "number"),
        "observer": ("observer", "observedby", "seenby", "reporter", "reportedby", "unit", "asset", "witness"),
        "platform": ("platform", "observingplatform", "observerplatform", "platformtype", "aircraft", "patrolship",
                     "sensor", "means"),
        "seen": ("seen", "whatwasseen", "observation", "observations", "description", "activity", "remarks", "notes",
                 "narrative", "text", "comment", "comments", "details", "behaviour", "behavior"),
        "codes": ("codes", "code", "observed", "observedcodes", "activities", "activitycodes", "seencodes", "tags"),
        "name": ("name", "shipname", "vesselname", "nameread", "nameseen", "ship", "vessel", "nameonhull"),
        "imo": ("imo", "imonumber", "imono", "shipimo", "vesselimo", "imoread"),
        "callsign": ("callsign", "callsignread"),
        "claimed_mmsi": ("claimedmmsi", "mmsi", "mmsinumber", "shipmmsi", "vesselmmsi"),
        "flag": ("flag", "flagstate", "flagflown", "flagseen", "nationality", "flagcode"),
        "port_of_registry": ("portofregistry", "registryport", "homeport", "port", "registry"),
        "ship_type_text": ("shiptype", "vesseltype", "type", "shiptypetext"),
        "length_m": ("lengthm", "length", "loa", "estimatedlengthm", "estimatedlength"),
        "partner": ("partner", "partnership", "partnerseen", "secondship", "secondvessel", "othership", "othervessel",
                    "with", "counterpart", "partnervessel"),
        "partner_name": ("partnername", "secondshipname", "othershipname", "partnershipname"),
        "partner_imo": ("partnerimo", "secondshipimo", "othershipimo", "partnershipimo"),
        "photographs": ("photographs", "photograph", "photos", "photo", "photosha256", "sha256", "images", "image",
                        "pictures", "photohash", "photohashes", "imagehash", "imagehashes", "imagesha256",
                        "photographsha256", "attachments"),
        "reliability": ("reliability", "sourcereliability", "admiraltyreliability"),
        "credibility": ("credibility", "informationcredibility", "infocredibility", "admiraltycredibility"),
        "grading": ("grading", "grade", "admiralty", "admiraltycode", "admiraltygrading", "natograding",
                    "evaluation"),
        "marking": ("marking", "tlp", "tlpmarking", "classification", "handling"),
        "originator": ("originator", "origin", "originatedby", "country", "sourceorganisation", "source",
                       "providedby"),
        "releasable_to": ("releasableto", "releasable", "rel", "relto", "releaseto", "sharedwith"),
        **{code: (code.replace("_", ""), f"is{code.replace('_', '')}") for code in CODES},
    },
    (),
)  # fmt: skip

_WORDS = ("report", "observer", "platform", "seen", "name", "callsign", "port_of_registry", "ship_type_text",
          "partner_imo", "originator")  # fmt: skip

NAMED_BY = ("report", "time", "lon", "lat", "observer", "platform", "seen", "name", "imo", "originator")
"""What makes two rows two sightings."""

LONGEST_M = 600.0


def parse(files: Sequence[Received], options: Options) -> Iterator[Reading]:
    """Read sightings; see ``docs/sources/sightings.md``.

    Raises:
        UnreadableFileError: If a file is neither a table nor JSON, or has no column of longitudes.
        UsageError: If ``options.mapping`` names something a table of sightings does not have.
    """
    for some in entries(
        files, options, WANTED, "sightings", ("lon",), with_documents=True, verbatim=("partner",)
    ):
        time, place = times_of(some.frame), places_of(some.frame)
        why = reasons(some.frame, time, place, options.received_at)
        read = _sightings(some, time, place, files[some.file].folder)
        tables = {
            "sightings": conform(read.filter(why.is_null()), Sighting),
            "quarantine": rejects(faults(some, why), some.reader),
        }
        yield Reading(tables, some.file, some.rows, {"blank lines": some.blank} if some.blank else {})


def _sightings(some: Entries, time: pl.Series, place: pl.DataFrame, folder: Path | None) -> pl.DataFrame:
    frame = some.frame
    present = [code for code in CODES if frame[code].null_count() < len(frame)]
    grade, partner = gradings(frame), partners(frame)
    marking, marking_odd = markings(frame["marking"])
    length, length_odd = lengths_m(frame["length_m"], LONGEST_M)
    imo = imos(frame["imo"])
    flag = read_flags(frame["flag"])
    taken = [photographs(text, folder) for text in frame["photographs"].to_list()]
    odd = {
        "": place["odd"],
        "grading": grade["odd"],
        "marking": marking_odd,
        "length": length_odd,
        "IMO number": _odd_imos(imo),
        "photographs": pl.Series([said for _, said in taken], dtype=pl.String),
    }
    rows = frame.select("line", *_WORDS).with_columns(
        time.alias("time"), place["lon"], place["lat"], place["error_m"], imo.alias("imo"),
        whole_numbers(frame["claimed_mmsi"]).alias("claimed_mmsi"),
        flag.zip_with(flag.is_not_null(), frame["flag"]).alias("flag"), length.alias("length_m"),
        codes_of(frame, present), partner["partner"], partner["partner_name"],
        grade["reliability"], grade["credibility"], marking.alias("marking"),
        several(frame["releasable_to"], r"[;|,/\n]").alias("releasable_to"),
        pl.Series("photographs", [hashes for hashes, _ in taken], pl.List(pl.String)), issues(odd),
    )  # fmt: skip
    return rows.with_columns(ids("sighting", rows, NAMED_BY))


def _odd_imos(imo: pl.Series) -> pl.Series:
    def odd(text: str) -> str | None:
        if not (len(text) == 7 and text.isdigit()):
            return f"'{text}' is not seven digits"
        return None if imo_check_digit_holds(text) else f"{text} fails its check digit"

    words = {text: odd(text) for text in imo.drop_nulls().unique().to_list()}
    return imo.replace_strict(words, default=None, return_dtype=pl.String)
