"""Shipments: bills of lading, manifests and customs tables; one row is one line of goods.

A row is rejected only where nothing in it can be held against anything: no goods, no party and no ship.  All else
that is odd stays in the row's ``issues``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from clearwake.model import Options, Reading, Received, Shipment, conform
from clearwake.model.identifiers import imo_check_digit_holds
from clearwake.names.flags import read_flags
from clearwake.sources import cargo
from clearwake.sources.columns import Wanted
from clearwake.sources.entries import Entries, entries
from clearwake.sources.facts import rejects
from clearwake.sources.identities import imos
from clearwake.sources.values import whole_numbers

_IN_UNITS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "quantity_kg": ("kg", ("quantitykg", "qtykg", "weightkg", "netweightkg", "netwgt", "netweightkgs", "netkg",
                           "grossweightkg", "grosswgt", "grossweightkgs", "weightkgs")),
    "quantity_t": ("t", ("quantityt", "qtyt", "quantitymt", "weightt", "weightmt", "netweightt", "netweightmt",
                         "grossweightt", "grossweightmt", "tonnes", "metrictons")),
    "quantity_bbl": ("bbl", ("quantitybbl", "volumebbl", "barrels", "bbl", "bbls")),
    "quantity_m3": ("m3", ("quantitym3", "volumem3", "cbm")),
    "quantity_l": ("l", ("quantityl", "volumel", "litres", "liters")),
}  # fmt: skip
"""Columns whose name says the unit; read where there is no quantity of its own.  Net weight goes before gross."""

WANTED = Wanted(
    "a table of shipments",
    {
        "id": ("id", "shipmentid", "recordid", "identifier", "rowid", "systemidentityid"),
        "bill_of_lading": ("billoflading", "bl", "bol", "blno", "blnumber", "bolnumber", "bolno", "bolid",
                           "billofladingnumber", "billofladingno", "billofladingid", "blid", "masterbl", "housebl",
                           "masterbillofladingnumber"),
        "hs_code": ("hscode", "hs", "hs6", "hs8", "hs10", "htscode", "hts", "hsncode", "hsn", "tariffcode",
                    "tariffnumber", "harmonizednumber", "harmonisedcode", "harmonizedcode", "commoditycode", "cncode",
                    "cmdcode", "productcode"),
        "description": ("description", "goodsdescription", "descriptionofgoods", "productdescription", "goods",
                        "goodsshipped", "productdesc", "product", "commodity", "commoditydescription", "cargo",
                        "cargodescription", "descriptiontext", "cmddesc", "itemdescription", "item"),
        "quantity": ("quantity", "qty", "amount", "weight", "netweight", "grossweight", "volume"),
        "unit": ("unit", "uom", "quantityunit", "qtyunit", "unitofmeasure", "weightunit", "quantityuom",
                 "qtyunitabbr", "units"),
        "shipper": ("shipper", "shippername", "shipperpartyname", "exporter", "exportername", "consignor",
                    "consignorname", "seller", "supplier", "suppliername"),
        "consignee": ("consignee", "consigneename", "importer", "importername", "buyer", "buyername", "receiver"),
        "notify_party": ("notifyparty", "notify", "notifypartyname", "notifypartyname1", "notifyname"),
        "origin": ("origin", "countryoforigin", "origincountry", "origincountrycode", "exportcountry",
                   "countryofexport", "exportingcountry", "shippercountry", "fromcountry"),
        "destination": ("destination", "countryofdestination", "destinationcountry", "destinationcountrycode",
                        "importcountry", "countryofimport", "importingcountry", "consigneecountry", "tocountry",
                        "finaldestination"),
        "load_port": ("loadport", "portofloading", "portoflading", "loadingport", "pol", "foreignportoflading",
                      "departureport", "portofdeparture", "exportport", "originport", "fromport"),
        "load_on": ("loadon", "loaddate", "loadingdate", "dateofloading", "loadedon", "shipmentdate", "shippedon",
                    "onboarddate", "shippedonboarddate", "bldate", "boldate", "dateofshipment", "departuredate", "etd",
                    "atd", "exportdate", "date"),
        "discharge_port": ("dischargeport", "portofdischarge", "portofunlading", "unladingport", "pod",
                           "unloadingport", "arrivalport", "portofarrival", "importport", "destinationport", "toport",
                           "portofdelivery"),
        "discharge_on": ("dischargeon", "dischargedate", "dateofdischarge", "arrivaldate", "actualarrivaldate",
                         "estimatedarrivaldate", "arrivedon", "eta", "ata", "unladingdate", "importdate",
                         "deliverydate", "deliveredon"),
        "ship_name": ("shipname", "vesselname", "vessel", "ship", "carryingvessel", "oceanvessel",
                      "conveyancename"),
        "ship_imo": ("shipimo", "vesselimo", "imo", "imonumber", "imono", "vesselimonumber", "vesselcode"),
        "ship_mmsi": ("shipmmsi", "vesselmmsi", "mmsi", "mmsinumber"),
        **{ours: spellings for ours, (_, spellings) in _IN_UNITS.items()},
    },
    (),
)  # fmt: skip

GOODS = ("hs_code", "description")

_WORDS = ("description", "shipper", "consignee", "notify_party", "load_port", "discharge_port", "ship_name")
_LEAST = (
    "hs_code",
    "description",
    "shipper",
    "consignee",
    "notify_party",
    "ship_name",
    "ship_imo",
    "ship_mmsi",
)


def parse(files: Sequence[Received], options: Options) -> Iterator[Reading]:
    """Read shipments; see ``docs/sources/shipments.md``.

    Raises:
        UnreadableFileError: If a file is no table, or has neither HS codes nor descriptions of goods.
        UsageError: If ``options.mapping`` names something a table of shipments does not have.
    """
    for some in entries(files, options, WANTED, "shipments", GOODS):
        read = _shipments(some)
        bare = _says_nothing(some.frame)
        faults = some.faulty(bare, "neither goods, party nor ship")
        tables = {
            "shipments": conform(read.filter(~bare), Shipment),
            "quarantine": rejects(faults, some.reader),
        }
        yield Reading(tables, some.file, some.rows, {"blank lines": some.blank} if some.blank else {})


def country(column: pl.Series) -> pl.Series:
    """Give countries as ISO 3166-1 alpha-3 where they can be read so, else as written."""
    read = read_flags(column)
    return read.zip_with(read.is_not_null(), column).rename(column.name)


def _says_nothing(frame: pl.DataFrame) -> pl.Series:
    return frame.select(pl.all_horizontal(pl.col(name).is_null() for name in _LEAST)).to_series()


def _shipments(some: Entries) -> pl.DataFrame:
    frame = some.frame
    hs, hs_odd = cargo.hs_codes(frame["hs_code"])
    load_on, load_odd = cargo.days(frame["load_on"])
    discharge_on, discharge_odd = cargo.days(frame["discharge_on"])
    measured = _quantities(frame)
    imo, imo_odd = _imos(frame["ship_imo"])
    mmsi, mmsi_odd = _mmsis(frame["ship_mmsi"])
    odd = {
        "": hs_odd,
        "loaded on": load_odd,
        "discharged on": discharge_odd,
        "quantity": measured["odd"],
        "ship's IMO number": imo_odd,
        "ship's MMSI": mmsi_odd,
        "dates": _backwards(load_on, discharge_on),
    }
    return pl.DataFrame(
        [
            _ids(frame, some.reader.origin),
            frame["bill_of_lading"],
            hs.alias("hs_code"),
            measured["quantity"],
            measured["unit"],
            country(frame["origin"]),
            country(frame["destination"]),
            load_on.alias("load_on"),
            discharge_on.alias("discharge_on"),
            imo.alias("ship_imo"),
            mmsi.alias("ship_mmsi"),
            *(frame[name] for name in _WORDS),
            cargo.issues(odd),
            frame["line"],
        ]
    )


def _ids(frame: pl.DataFrame, origin: str) -> pl.Series:
    """Give the source's own id, else bill of lading and line, else file and line."""
    named = pl.format("{}#{}", "bill_of_lading", "line")
    return frame.select(
        pl.coalesce("id", named, pl.format("{}:{}", pl.lit(origin), "line")).alias("id")
    ).to_series()


def _quantities(frame: pl.DataFrame) -> pl.DataFrame:
    """Read the quantity; where there is none, the first column whose name says its unit."""
    read = cargo.quantities(frame["quantity"]).with_columns(said=frame["unit"])
    read = read.with_columns(unit=pl.coalesce("said", "unit"))
    for name, (unit, _) in _IN_UNITS.items():
        if frame[name].null_count() == len(frame):
            continue
        other = cargo.quantities(frame[name])
        is_open = read["quantity"].is_null() & other["quantity"].is_not_null()
        read = read.with_columns(
            quantity=other["quantity"].zip_with(is_open, read["quantity"]),
            unit=pl.Series([unit]).new_from_index(0, len(frame)).zip_with(is_open, read["unit"]),
            odd=other["odd"].zip_with(is_open, read["odd"]),
        )
    unitless = read["quantity"].is_not_null() & read["unit"].is_null() & read["odd"].is_null()
    return read.with_columns(
        odd=pl.when(unitless).then(pl.format("{} without a unit", "quantity")).otherwise("odd")
    )


def _imos(column: pl.Series) -> tuple[pl.Series, pl.Series]:
    claimed = imos(column)
    distinct = claimed.unique().drop_nulls()
    words = {text: _imo_oddity(text) for text in distinct.to_list()}
    return claimed, claimed.replace_strict(words, default=None, return_dtype=pl.String)


def _imo_oddity(text: str) -> str | None:
    if not (len(text) == 7 and text.isascii() and text.isdigit()):
        return f"'{text}' is not seven digits"
    return None if imo_check_digit_holds(text) else f"{text} fails its check digit"


def _mmsis(column: pl.Series) -> tuple[pl.Series, pl.Series]:
    read = whole_numbers(column)
    said = pl.DataFrame({"said": column, "read": read}).select(
        pl.when(pl.col("said").is_not_null() & pl.col("read").is_null())
        .then(pl.format("'{}' is no number", "said"))
        .when(~pl.col("read").is_between(201_000_000, 775_999_999))
        .then(pl.format("{} is not numbered as a ship's", "said"))
    )
    return read, said.to_series()


def _backwards(load_on: pl.Series, discharge_on: pl.Series) -> pl.Series:
    frame = pl.DataFrame({"load": load_on, "discharge": discharge_on})
    form = "%Y-%m-%d"
    words = pl.format("discharged on {}, before loaded on {}", pl.col("discharge").dt.strftime(form),
                      pl.col("load").dt.strftime(form))  # fmt: skip
    return frame.select(pl.when(pl.col("discharge") < pl.col("load")).then(words)).to_series()
