"""What registers call their columns and the states a ship can be in, and which publisher's table is which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from clearwake.sources.columns import Wanted

WANTED = Wanted(
    "a table of ships",
    {
        "imo": ("imo", "imonumber", "imono", "imocode", "shipimo", "vesselimo", "lrimo", "lrimoshipno", "imoshipno"),
        "mmsi": ("mmsi", "ssvid", "mmsinumber", "mmsino", "mmsicode", "shipmmsi", "vesselmmsi"),
        "name": ("name", "shipname", "vesselname", "currentname", "ship", "vessel", "nameofship"),
        "former_names": ("formernames", "formername", "exnames", "exname", "previousnames", "previousname"),
        "callsign": ("callsign", "radiocallsign", "ircs", "intcallsign"),
        "flag": ("flag", "flagstate", "flagname", "flagcode", "flagcountry", "currentflag", "countryofregistry",
                 "country"),
        "ship_type_text": ("shiptypetext", "shiptype", "vesseltype", "vesselclass", "geartype", "type", "label"),
        "length_m": ("lengthm", "length", "loa", "lengthoverall", "lengthoverallm", "loam", "avglength"),
        "beam_m": ("beamm", "beam", "breadth", "breadthm", "width", "widthm"),
        "gross_tonnage": ("grosstonnage", "gt", "grt", "tonnagegt", "avggrosstonnage", "tonnage"),
        "deadweight_t": ("deadweightt", "deadweight", "dwt", "deadweighttonnage", "summerdwt"),
        "built_year": ("builtyear", "built", "yearbuilt", "yearofbuild", "buildyear", "yob", "dateofbuild"),
        "status": ("status", "shipstatus", "vesselstatus", "servicestatus"),
        "owner": ("owner", "registeredowner", "ownername", "shipowner"),
        "beneficial_owner": ("beneficialowner", "groupbeneficialowner", "groupowner", "ubo"),
        "manager": ("manager", "shipmanager", "technicalmanager", "commercialmanager"),
        "ism_company": ("ismcompany", "ismmanager", "docholder", "doccompany", "ism"),
        "operator": ("operator", "operatorname"),
        "valid_from": ("validfrom", "from", "fromdate", "datefrom", "start", "startdate", "since", "registeredfrom"),
        "valid_to": ("validto", "to", "todate", "dateto", "end", "enddate", "until", "registeredto"),
        "reference": ("reference", "officialnumber", "registrationnumber", "registrationno", "regno", "recordid", "id"),
        # What only certain publishers have: told by these, not read for themselves.
        "reporting_period": ("reportingperiod",),
        "learning_split": ("split",),
        "length_sources": ("numlengthsources",),
    },
    (),
)  # fmt: skip
"""The usual spellings; where a file has several of one column, the first in this order is read."""

IDENTITY = ("imo", "mmsi", "name", "callsign")
"""A table of ships has one of these columns at least, and a row a value in one of them."""

PUBLISHERS: Mapping[str, str] = {
    "reporting_period": "eu_mrv",
    "learning_split": "gfw",
    "length_sources": "gfw",
}
"""A column that only one publisher has, and what its register is called."""

STATES: Mapping[str, Sequence[str]] = {
    "in service": ("in service", "in service/commission", "in commission", "active", "trading", "live", "registered"),
    "laid up": ("laid up", "laid-up", "in casualty or repairing", "idle"),
    "scrapped": ("scrapped", "broken up", "demolished", "dismantled", "recycled", "to be broken up"),
    "lost": ("lost", "total loss", "sunk", "wrecked", "foundered", "actual total loss"),
    "denied": ("denied", "not registered", "false flag", "fraudulent", "unknown to registry"),
    "deleted": ("deleted", "deregistered", "de-registered", "struck off", "cancelled", "canceled", "closed"),
}  # fmt: skip
"""Our words for how a ship stands, and how registers put it; other words are kept as they are."""
