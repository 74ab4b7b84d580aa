"""The law's data: dated provisions, the elements they are made of, and the words facts are given in.

Only files, their reading and their checks stand here, so that the rooms ``goods`` and ``law`` may both lean on them
and each paragraph stands once.
"""

from clearwake.statutes.institutions import Institution, institutions
from clearwake.statutes.provisions import (
    LAW_FIELDS,
    Action,
    Provision,
    identifier,
    instrument_texts,
    provision,
    provisions,
    read_instrument,
)
from clearwake.statutes.shown import DATE, ElementOfBreach, elements, in_words
from clearwake.statutes.vocabulary import Kind, goods_words, vocabulary

__all__ = [
    "DATE",
    "LAW_FIELDS",
    "Action",
    "ElementOfBreach",
    "Institution",
    "Kind",
    "Provision",
    "elements",
    "goods_words",
    "identifier",
    "in_words",
    "institutions",
    "instrument_texts",
    "provision",
    "provisions",
    "read_instrument",
    "vocabulary",
]
