"""Cases: chains of decisions that nobody can change unseen, folded into what is so now.

A room without input or output: it reads no clock, no database and no key file.  ``flow.casework`` does.
"""

from clearwake.cases.chain import CHAIN_START, Fault, head, opened, sealed, verify
from clearwake.cases.conditions import ENOUGH
from clearwake.cases.history import History, fold, in_order
from clearwake.cases.naming import case_name, ships_of, slug, subject
from clearwake.cases.sources import is_counted, origins
from clearwake.cases.transitions import Act, NotAllowedError, act_named, acts, low_grade, role_named

__all__ = [
    "CHAIN_START",
    "ENOUGH",
    "Act",
    "Fault",
    "History",
    "NotAllowedError",
    "act_named",
    "acts",
    "case_name",
    "fold",
    "head",
    "in_order",
    "is_counted",
    "low_grade",
    "opened",
    "origins",
    "role_named",
    "sealed",
    "ships_of",
    "slug",
    "subject",
    "verify",
]
