"""Who owns and controls whom, and what the US, EU and UK rules make of it on a day.

``standings`` says of every party and ship whether it is blocked, possibly blocked, or not shown to be, with the chain
of holdings that shows it.  Management, fleets and addresses carry risk, which is never a legal status.
"""

from __future__ import annotations

from clearwake.ownership.standing import Facts, Findings, find, standings

__all__ = ["Facts", "Findings", "find", "standings"]
