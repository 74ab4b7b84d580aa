"""Behaviours: tracks to events; ``step`` is the contract, then one file per behaviour.

A new detector is one file here, one line in ``detectors``, a page in ``docs/detectors`` and a known-answer test; the
law of detectors, every engine and the command line then know it.
"""

from clearwake.detect.encounter import encounter
from clearwake.detect.falsification import falsification
from clearwake.detect.gap import gap, silence
from clearwake.detect.loitering import loitering
from clearwake.detect.port_call import port_call
from clearwake.detect.step import Detector, Found, Step
from clearwake.detect.zone_entry import zone_entry
from clearwake.places import Atlas

__all__ = [
    "Detector",
    "Found",
    "Step",
    "detectors",
    "encounter",
    "falsification",
    "gap",
    "loitering",
    "port_call",
    "silence",
    "zone_entry",
]


def detectors(atlas: Atlas) -> tuple[Detector, ...]:
    """Give every detector, with its published definition, for these places."""
    return (gap(), silence(), encounter(), loitering(), port_call(atlas), zone_entry(atlas),
            falsification(atlas))  # fmt: skip
