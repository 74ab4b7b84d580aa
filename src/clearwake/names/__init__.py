"""Names in any script, brought to a form that can be compared, and found among others that are like them."""

from clearwake.names.alike import WAYS, ListedNames
from clearwake.names.folding import folded, other_readings, plain
from clearwake.names.spelling import Spellings, most_apart

__all__ = ["WAYS", "ListedNames", "Spellings", "folded", "most_apart", "other_readings", "plain"]
