"""Names in any script, brought to a form that can be compared, and found among others that are like them."""

from clearwake.names.alike import WAYS, ListedNames
from clearwake.names.flags import flag_of_mmsi, read_flags, state_of
from clearwake.names.folding import folded, other_readings, plain
from clearwake.names.nations import country_name, read_countries
from clearwake.names.parties import ListedParties
from clearwake.names.spelling import Spellings, most_apart

__all__ = [
    "WAYS",
    "ListedNames",
    "ListedParties",
    "Spellings",
    "country_name",
    "flag_of_mmsi",
    "folded",
    "most_apart",
    "other_readings",
    "plain",
    "read_countries",
    "read_flags",
    "state_of",
]
