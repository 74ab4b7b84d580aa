"""Goods: shipments held against the law of their day, what is on file, the lists, and the route really sailed.

A finding is a reason for a person to look, or not to; what is on file comes first, and what cannot be said is said.
"""

from clearwake.goods.headings import read_description
from clearwake.goods.judging import Known, findings
from clearwake.goods.law import Provision, provisions
from clearwake.goods.listed import asked, ever_listed

__all__ = ["Known", "Provision", "asked", "ever_listed", "findings", "provisions", "read_description"]
