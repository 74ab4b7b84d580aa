"""The desk: a folder with received bytes, tables and a case database, and the verbs that work on it."""

from clearwake.desk.desk import Desk, ReadReport, open_desk
from clearwake.desk.readers import reader, readers

__all__ = ["Desk", "ReadReport", "open_desk", "reader", "readers"]
