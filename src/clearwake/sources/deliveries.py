"""Deliveries: petroleum brought to the DPRK, or a stage of it, one row a delivery.

A row is rejected where it cannot be placed or measured: no day, an amount that is no number, a fraction that is
none.  All else that is odd stays in the row's ``issues``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from clearwake.model import Delivery, Options, Reading, Received, conform
from clearwake.model.identifiers import imo_check_digit_holds
from clearwake.model.quantities import BARREL_L, Amount, amount
from clearwake.sources import cargo
from clearwake.sources.columns import Wanted
from clearwake.sources.entries import Entries, entries
from clearwake.sources.facts import rejects
from clearwake.sources.identities import imos
from clearwake.sources.placed import faults
from clearwake.sources.values import whole_numbers

WANTED = Wanted(
    "a table of deliveries",
    {
        "id": ("id", "deliveryid", "transferid", "callid", "recordid", "rowid", "identifier", "reference", "ref"),
        "date": ("date", "day", "month", "deliverydate", "deliveredon", "dateofdelivery", "arrivaldate", "arrivedon",
                 "arrival", "portcalldate", "calldate", "transferdate", "datetime", "time", "timestamp", "dateto",
                 "until", "enddate"),
        "since": ("since", "datefrom", "firstdate", "firstday", "startdate"),
        "ship": ("ship", "shipname", "vessel", "vesselname", "tanker", "tankername", "deliveredby", "name", "toship",
                 "receiver", "receivingship"),
        "imo": ("imo", "imonumber", "imono", "shipimo", "vesselimo"),
        "mmsi": ("mmsi", "mmsinumber", "shipmmsi", "vesselmmsi"),
        "port": ("port", "portname", "deliveryport", "dischargeport", "portofdischarge", "location", "place"),
        "from_ship": ("fromship", "fromvessel", "givingship", "giver", "partner", "partnership", "fromtanker",
                      "supplyingship"),
        "product": ("product", "products", "goods", "cargo", "commodity", "petroleumproduct", "fuel", "hscode"),
        "calls": ("calls", "portcalls", "count", "numberofcalls", "deliveries", "ncalls"),
        "capacity_bbl": ("capacitybbl", "capacity", "capacitybarrels", "capacitybbls", "shipcapacitybbl",
                         "tankcapacitybbl", "cargocapacitybbl", "capacityinbarrels", "maxcapacitybbl"),
        "deadweight_t": ("deadweightt", "deadweight", "dwt", "dwtt", "capacityt", "capacitytonnes",
                         "deadweighttonnage"),
        "laden": ("laden", "ladenfraction", "fractionladen", "ladenpercent", "ladenpct", "ladenshare", "fill",
                  "fillfraction", "loadfraction", "load", "loaded"),
        "volume_bbl": ("volumebbl", "volumebbls", "barrels", "bbl", "bbls", "volumebarrels", "volumeinbarrels",
                       "quantitybbl", "deliveredbbl", "amountbbl"),
        "volume_t": ("volumet", "tonnes", "tons", "mt", "quantityt", "quantitymt", "cargot", "deliveredt",
                     "metrictons", "quantitytonnes", "volumetonnes"),
        "volume": ("volume", "quantity", "qty", "amount", "delivered", "volumedelivered", "quantitydelivered"),
        "unit": ("unit", "uom", "quantityunit", "qtyunit", "volumeunit", "amountunit", "unitofmeasure",
                 "quantityuom", "units"),
        "draught_m": ("draughtm", "draught", "draft", "draftm", "arrivaldraught", "arrivaldraughtm"),
        "full_draught_m": ("fulldraughtm", "fulldraught", "maxdraughtm", "maxdraught", "designdraught",
                           "designdraughtm", "summerdraught", "ladendraught", "maxdraft", "ladendraughtm"),
        "stage_of": ("stageof", "stage", "cargoid", "cargoref", "partof", "sameas", "onwardof", "parent", "chain"),
        "status": ("status", "state", "standing", "judgement", "judgment", "assessment", "verdict"),
        "note": ("note", "notes", "remark", "remarks", "comment", "comments"),
        "source": ("source", "sources", "publishedby", "reportedby", "publisher", "citation"),
    },
    ("date",),
)  # fmt: skip

SIZES = ("capacity_bbl", "volume_bbl", "volume_t", "volume", "deadweight_t", "ship", "imo", "mmsi")

STATUSES: Mapping[str, Sequence[str]] = {
    "confirmed": ("confirmed", "verified", "proven", "proved", "established", "shown", "certain"),
    "reported": ("reported", "alleged", "observed", "claimed", "seen", "assessed", "unnotified", "illicit"),
    "contested": ("contested", "disputed", "denied", "challenged", "on hold", "objected"),
    "unknown": ("unknown", "undetermined", "unclear", "possible", "suspected", "unverified", "unconfirmed",
                "in confirmation", "probable", "likely", "open"),
    "notified": ("notified", "lawful", "legal", "declared", "permitted", "exempted", "authorised", "authorized",
                 "licensed", "allowed"),
    "refuted": ("refuted", "disproved", "disproven", "false", "retracted", "withdrawn", "cancelled", "canceled",
                "rejected", "no delivery", "not delivered", "error"),
}  # fmt: skip
"""Our statuses and how files call them.  A row without one is ``reported``: somebody wrote it down as a delivery.
A word that is not known is ``unknown``."""

LADEN_WORDS: Mapping[str, tuple[float, float] | None] = {
    "full": (0.90, 0.98), "fully": (0.90, 0.98), "fully laden": (0.90, 0.98), "half": (0.5, 0.5),
    "one third": (1 / 3, 1 / 3), "ballast": (0.0, 0.0), "empty": (0.0, 0.0), "in ballast": (0.0, 0.0),
    "no": (0.0, 0.0), "false": (0.0, 0.0), "laden": None, "yes": None, "true": None, "loaded": None, "part": None,
    "partly": None, "partial": None, "partly laden": None,
}  # fmt: skip
"""Words for how full a ship was, as parts of its capacity; null says only that it had cargo.  Tanks are filled to 98
percent at most, to leave the cargo room."""

_NUMBER = r"(\d+(?:[.,]\d+)?)\s*(%|percent|per cent|pct)?"
_ONE = re.compile(rf"^{_NUMBER}$")
_RANGE = re.compile(rf"^{_NUMBER}\s*(?:-|\u2013|to)\s*{_NUMBER}$")
_RATIO = re.compile(r"^(\d+)\s*/\s*(\d+)$")

MOST_CALLS = 10_000

_NAMED: Mapping[str, Amount] = {
    "volume_bbl": Amount(BARREL_L, is_volume=True),
    "volume_t": Amount(1.0, is_volume=False),
}
"""What one unit is of the columns whose names say it."""

_AMOUNTS = ("capacity_bbl", "deadweight_t", "volume_bbl", "volume_t", "draught_m", "full_draught_m")


def parse(files: Sequence[Received], options: Options) -> Iterator[Reading]:
    """Read deliveries; see ``docs/sources/deliveries.md``.

    Raises:
        UnreadableFileError: If a file is no table with dates and either ships or amounts.
        UsageError: If ``options.mapping`` names something a table of deliveries does not have.
    """
    for some in entries(
        files, options, WANTED, "deliveries", SIZES, with_documents=True, verbatim=("status",)
    ):
        read, why = _deliveries(some)
        tables = {
            "deliveries": conform(read.filter(why.is_null()), Delivery),
            "quarantine": rejects(faults(some, why), some.reader),
        }
        yield Reading(tables, some.file, some.rows, {"blank lines": some.blank} if some.blank else {})


def _deliveries(some: Entries) -> tuple[pl.DataFrame, pl.Series]:
    """Read rows, and say of each why it cannot be one; null where it can."""
    frame, unit_odd, is_apart = _with_units(some.frame)
    date, date_odd, month_said = _dates(frame["date"])
    since, since_odd = cargo.days(frame["since"])
    amounts, amount_odd = _amounts(frame)
    parts, laden_odd = _laden(frame["laden"])
    calls, calls_odd = _calls(frame["calls"])
    status, status_odd = _statuses(frame["status"])
    imo, mmsi = imos(frame["imo"]), whole_numbers(frame["mmsi"])
    ids = frame.select(pl.coalesce("id", pl.format("{}:{}", pl.lit(some.reader.origin), "line")).alias("id"))
    odd = {
        "date": month_said,
        "since": since_odd,
        "status": status_odd,
        "MMSI": _unread(frame["mmsi"], mmsi),
        "IMO number": _odd_imos(imo),
        "volume": unit_odd,
        "": _oddities(frame, amounts, parts, calls, since, date),
    }
    kept = ("ship", "port", "from_ship", "product", "stage_of", "note", "source", "line")
    columns = [*(frame[name] for name in kept), *amounts, *parts, calls.alias("calls"), imo.alias("imo")]
    read = pl.DataFrame([
        ids["id"], frame["id"].alias("own_id"), date.alias("date"), since.alias("since"), mmsi.alias("mmsi"),
        status.alias("status"),
        frame["status"].alias("status_text"), cargo.issues(odd), *columns,
    ])  # fmt: skip
    why = {
        "date missing": frame["date"].is_null(),
        "date unreadable": date_odd.is_not_null(),
        **{f"{name} unreadable": each for name, each in amount_odd.items()},
        "unit is not that of the volume's column": is_apart,
        "laden unreadable": laden_odd,
        "calls unreadable": calls_odd,
        "neither ship nor volume": _is_nobody(frame),
    }
    reasons = pl.DataFrame(why)
    first = reasons.select(pl.coalesce(pl.when(reason).then(pl.lit(reason)) for reason in why).alias("why"))
    return read, first.to_series()


def _dates(said: pl.Series) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Read days; a month alone is its last day, by which all of it had been delivered, and that is said."""
    month = cargo.months(said)["last"]
    day, odd = cargo.days(said.set(month.is_not_null(), None))
    rows = pl.DataFrame({"said": said, "day": day, "month": month})
    told = rows.select(
        day=pl.coalesce("day", "month"),
        said=pl.when(pl.col("month").is_not_null()).then(
            pl.format("only the month is said, '{}': taken as its last day", "said")
        ),
    )
    return told["day"].rename("date"), odd, told["said"]


def _is_nobody(frame: pl.DataFrame) -> pl.Series:
    """Say which rows are about no ship and state no volume: a capacity is a ship's."""
    needed = ("ship", "imo", "mmsi", "volume_bbl", "volume_t")
    return frame.select(pl.all_horizontal(pl.col(name).is_null() for name in needed)).to_series()


def _with_units(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series, pl.Series]:
    """Bring volumes whose column names no unit under ``volume_bbl``, with the unit of their row behind them.

    Gives the rows, words on units that were taken for granted or not used, and where the row's unit denies the name
    of the column that the volume stands in: which of the two is meant nobody can tell.
    """
    rows = frame.with_columns(inside=cargo.quantities(frame["volume"])["unit"])
    is_bare = pl.col("volume").is_not_null() & pl.all_horizontal(pl.col("volume_bbl", "volume_t").is_null())
    joined = pl.format("{} {}", "volume", "unit")
    text = pl.when(pl.col("inside").is_null() & pl.col("unit").is_not_null()).then(joined).otherwise("volume")
    told, apart = [], []
    for row in rows.with_columns(is_bare=is_bare).iter_rows(named=True):
        is_denied = not row["is_bare"] and _denies(row)
        told.append(None if is_denied else _said_of_unit(row))
        apart.append(is_denied)
    brought = rows.with_columns(volume_bbl=pl.when(is_bare).then(text).otherwise("volume_bbl"))
    odd = pl.Series(told, dtype=pl.String)
    return brought.drop("inside"), odd, pl.Series(apart, dtype=pl.Boolean)


def _denies(row: Mapping[str, Any]) -> bool:
    """Tell whether a row's unit is known and is that of no volume it states under a name with a unit."""
    stated = [name for name in ("volume_bbl", "volume_t") if row[name] is not None]
    one = amount(1.0, row["unit"])
    return bool(stated) and one is not None and all(one != _NAMED[name] for name in stated)


def _said_of_unit(row: Mapping[str, Any]) -> str | None:
    """Say which unit a volume was taken to have, where that is not plain from its row."""
    unit, inside = row["unit"], row["inside"]
    if row["is_bare"] and unit is None and inside is None:
        return f"'{row['volume']}' has no unit: taken as barrels"
    if row["is_bare"] and unit and inside and amount(1.0, unit) != amount(1.0, inside):
        return f"'{row['volume']}' beside the unit '{unit}': the one behind the number was taken"
    if not row["is_bare"] and unit and amount(1.0, unit) not in _NAMED.values():
        return f"the unit '{unit}' was not used"
    return None


def _amounts(frame: pl.DataFrame) -> tuple[list[pl.Series], dict[str, pl.Series]]:
    """Read sizes and draughts: columns, and for each whether something stands there that is no amount.

    A unit behind the number goes before the column's: ``600 t`` under ``volume_bbl`` is a volume in tonnes.
    """
    read = {name: cargo.quantities(frame[name]) for name in _AMOUNTS}
    values = {name: each["quantity"].to_list() for name, each in read.items()}
    wrong = {
        name: (each["quantity"].is_null() & frame[name].is_not_null()).to_list()
        for name, each in read.items()
    }
    for volume, mass in (("capacity_bbl", "deadweight_t"), ("volume_bbl", "volume_t")):
        for name, other, in_volume in ((volume, mass, True), (mass, volume, False)):
            for at, unit in enumerate(read[name]["unit"].to_list()):
                if unit is None or values[name][at] is None:
                    continue
                measured = amount(values[name][at], unit)
                if measured is None:
                    values[name][at], wrong[name][at] = None, True
                elif measured.is_volume == in_volume:
                    values[name][at] = measured.value / (BARREL_L if in_volume else 1.0)
                else:
                    values[name][at] = None
                    values[other][at] = measured.value / (1.0 if in_volume else BARREL_L)
    columns = [pl.Series(name, each, pl.Float64) for name, each in values.items()]
    return columns, {name: pl.Series(each, dtype=pl.Boolean) for name, each in wrong.items()}


def _laden(said: pl.Series) -> tuple[list[pl.Series], pl.Series]:
    low: list[float | None] = []
    high: list[float | None] = []
    wrong: list[bool] = []
    for text in said.to_list():
        try:
            read = laden(text) if text is not None else None
        except ValueError:
            read = None
            wrong.append(True)
        else:
            wrong.append(False)
        low.append(read[0] if read else None)
        high.append(read[1] if read else None)
    return [pl.Series("laden_low", low, pl.Float64), pl.Series("laden_high", high, pl.Float64)], pl.Series(
        wrong
    )


def _calls(said: pl.Series) -> tuple[pl.Series, pl.Series]:
    read = whole_numbers(said)
    wrong = said.is_not_null() & (read.is_null() | (read < 1) | (read > MOST_CALLS)).fill_null(value=True)
    return read.set(wrong, None).fill_null(1), wrong


def _statuses(said: pl.Series) -> tuple[pl.Series, pl.Series]:
    called = {word: ours for ours, words in STATUSES.items() for word in words}
    folded = said.str.to_lowercase().str.replace_all(r"[\s_-]+", " ").str.strip_chars()
    read = folded.replace_strict(called, default=None, return_dtype=pl.String)
    rows = pl.DataFrame({"said": said, "read": read}).select(
        status=pl.when(pl.col("said").is_null())
        .then(pl.lit("reported"))
        .otherwise(pl.col("read").fill_null("unknown")),
        odd=pl.when(pl.col("said").is_not_null() & pl.col("read").is_null()).then(
            pl.format("'{}' is not known: taken as unknown", "said")
        ),
    )
    return rows["status"], rows["odd"]


def _unread(said: pl.Series, read: pl.Series) -> pl.Series:
    rows = pl.DataFrame({"said": said, "read": read})
    is_odd = pl.col("said").is_not_null() & pl.col("read").is_null()
    return rows.select(pl.when(is_odd).then(pl.format("'{}' is no number", "said"))).to_series()


def _oddities(
    frame: pl.DataFrame, amounts: Sequence[pl.Series], parts: Sequence[pl.Series], calls: pl.Series,
    since: pl.Series, date: pl.Series,
) -> pl.Series:  # fmt: skip
    """Say what does not agree within a row."""
    rows = pl.DataFrame([*amounts, *parts, frame["ship"]]).with_columns(
        calls=calls, since=since, date=date, is_laden=frame["laden"].is_not_null()
    )
    told = [
        (pl.col("volume_bbl") > pl.col("capacity_bbl"), "more delivered than the ship holds"),
        (pl.col("since") > pl.col("date"), "ends before it begins: since is left out"),
        (
            (pl.col("calls") > 1) & pl.col("since").is_null(),
            "several calls on one day: no first day is given",
        ),
        (pl.col("ship").is_null(), "no ship named"),
    ]
    said = [pl.when(holds).then(pl.lit(words)) for holds, words in told]
    joined = rows.select(pl.concat_list(said).list.drop_nulls().list.join("; ").alias("said"))
    return joined.select(pl.when(pl.col("said").str.len_chars() > 0).then("said")).to_series()


def _odd_imos(imo: pl.Series) -> pl.Series:
    odd = {text: f"{text} fails its check digit" for text in imo.drop_nulls().unique().to_list()
           if not imo_check_digit_holds(text)}  # fmt: skip
    return imo.replace_strict(odd, default=None, return_dtype=pl.String)


def laden(said: str) -> tuple[float, float] | None:
    """Read how full a ship was, as the least and the greatest part of its capacity; None for merely laden.

    ``0.9``, ``90 %``, ``90``, ``1/3``, ``0.5-0.9``, ``50 to 90 %``, ``full``, ``ballast``, ``laden``.  A number above 1
    is in percent.

    Raises:
        ValueError: If it is none of these, or more than the whole.
    """
    text = " ".join(said.lower().replace("_", " ").split())
    if text in LADEN_WORDS:
        return LADEN_WORDS[text]
    if ratio := _RATIO.match(text):
        low = high = int(ratio[1]) / int(ratio[2]) if int(ratio[2]) else float("inf")
    elif one := _ONE.match(text):
        low = high = _part(one[1], one[2])
    elif both := _RANGE.match(text):
        unit = both[2] or both[4]
        low, high = _part(both[1], unit), _part(both[3], unit)
    else:
        raise ValueError(said)
    if not 0.0 <= low <= high <= 1.0:
        raise ValueError(said)
    return low, high


def _part(number: str, unit: str | None) -> float:
    value = float(number.replace(",", "."))
    return value / 100.0 if unit or value > 1.0 else value
