"""The law held against facts: elements of breach, lawful options, and the clock of a detention.

Pure functions: facts in, tables out.  Facts are ``LegalFact`` rows in the words of ``docs/law.md``; who has a case
makes them.  Nothing here recommends anything, and every threshold is in words.
"""

from clearwake.law.breach import elements, outcomes
from clearwake.law.detention import Detention, clock, six_months_after
from clearwake.law.facts import facts_table, read_facts
from clearwake.law.lawful import options

__all__ = [
    "Detention",
    "clock",
    "elements",
    "facts_table",
    "options",
    "outcomes",
    "read_facts",
    "six_months_after",
]
