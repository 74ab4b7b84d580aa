"""clearwake: who is evading sanctions at sea, on what evidence, under which law, and what can lawfully be done.

desk = clearwake.open("desk")
desk.read("table", "positions.parquet")
desk.run()
desk.show("encounters")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from clearwake.desk import Desk
    from clearwake.desk import open_desk as open  # noqa: A004 - users write clearwake.open, as gzip.open

__all__ = ["Desk", "open"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module's attributes are anything
    """Load the desk only when it is asked for, so that ``clearwake --help`` starts quickly."""
    if name in ("Desk", "open"):
        from clearwake import desk  # noqa: PLC0415 - late on purpose

        return desk.Desk if name == "Desk" else desk.open_desk
    message = f"module 'clearwake' has no attribute {name!r}"
    raise AttributeError(message)
