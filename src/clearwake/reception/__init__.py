"""Reception: how well ships are heard where and when, when a feed fails, and why a ship was likely silent.

    heard = digest(fixes)                     # per hull and quarter of an hour, an order of magnitude smaller
    picture = pictured(heard, until)          # everybody's presence; outages
    counts = picture.counts(day, coast_km)    # the map, day by day; days add up
    explain(gaps, picture, counts, ...)       # likely causes, with reasons

Pure: frames in, frames out.  ``flow.silences`` wires it to a desk.
"""

from clearwake.reception.digest import NEEDED, QUARTER_MS, digest
from clearwake.reception.disabling import WELCH_2022, DisablingRule
from clearwake.reception.explain import Picture, explain, pictured
from clearwake.reception.health import feed_health
from clearwake.reception.learnt import shown, summed

__all__ = [
    "NEEDED",
    "QUARTER_MS",
    "WELCH_2022",
    "DisablingRule",
    "Picture",
    "digest",
    "explain",
    "feed_health",
    "pictured",
    "shown",
    "summed",
]
