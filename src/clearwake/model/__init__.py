"""The words: frozen records and their schemas, with units.  No input or output."""

from clearwake.model.errors import ClearwakeError, NotFoundError, UnreadableFileError, UsageError
from clearwake.model.events import (
    HULLS_PER_MMSI,
    Encounter,
    Event,
    Gap,
    Loitering,
    PortCall,
    ZoneEntry,
    event_id,
    position_id,
)
from clearwake.model.facts import (
    Anchorage,
    Designation,
    Edition,
    IdentityClaim,
    Indicator,
    Match,
    Position,
    Receipt,
    Reject,
)
from clearwake.model.fixes import Fix, Noise, Track
from clearwake.model.reading import Options, Reading, Received, Source
from clearwake.model.record import TIME, columns, conform, empty, records, schema, table, units, utc

__all__ = [
    "HULLS_PER_MMSI",
    "TIME",
    "Anchorage",
    "ClearwakeError",
    "Designation",
    "Edition",
    "Encounter",
    "Event",
    "Fix",
    "Gap",
    "IdentityClaim",
    "Indicator",
    "Loitering",
    "Match",
    "Noise",
    "NotFoundError",
    "Options",
    "PortCall",
    "Position",
    "Reading",
    "Receipt",
    "Received",
    "Reject",
    "Source",
    "Track",
    "UnreadableFileError",
    "UsageError",
    "ZoneEntry",
    "columns",
    "conform",
    "empty",
    "event_id",
    "position_id",
    "records",
    "schema",
    "table",
    "units",
    "utc",
]
