"""The store: tables as Parquet beside a small SQL database, and one way to change them: a commit.

A desk is a folder.  Its SQL database (``case.db``, or any database SQLAlchemy reaches by URL) names the Parquet
parts that count; a part that no row names does not exist.  So one SQL transaction is the only commit, and a
process killed at any instruction leaves the desk as its last commit left it.

Why it is built so: docs/decisions/0001-one-sql-transaction-is-the-only-commit.md
"""

from clearwake.store.cases import CaseBook, Writing
from clearwake.store.commit import Commit
from clearwake.store.lock import DeskBusyError
from clearwake.store.parts import Part
from clearwake.store.store import Store

__all__ = ["CaseBook", "Commit", "DeskBusyError", "Part", "Store", "Writing"]
