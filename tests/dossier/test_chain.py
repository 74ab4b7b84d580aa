"""The picture of who stands around a party."""

from __future__ import annotations

import polars as pl
import pytest

from clearwake.dossier.chain import LINK, PARTY, chain


def parties(*rows: tuple[int, str, str, str]) -> pl.DataFrame:
    """Give parties by number, name, kind and status under the US rule."""
    return pl.DataFrame(
        [{"node": n, "name": name, "kind": kind, "us": us, "eu": "not shown", "uk": "not shown", "risk": 0.0,
          "listed": ["ofac"] if us == "blocked" else [], "is_asked": n == 0} for n, name, kind, us in rows],
        schema=PARTY,
    )  # fmt: skip


def links(*rows: tuple[int, int, str, str]) -> pl.DataFrame:
    return pl.DataFrame([(*row, True) for row in rows], schema=LINK, orient="row")


def drawn(people: pl.DataFrame, between: pl.DataFrame, form: str = "svg") -> bytes:
    return chain(people, between, title="Moon", subtitle="1 June 2020", attribution="made up", form=form)


FLEET = parties((0, "Moon", "vessel", "possibly"), (1, "Alfa Ltd", "company", "blocked"),
                (2, "Ivan Doe", "person", "not shown"))  # fmt: skip
HELD = links((1, 0, "40 to 60 %", "owned"), (2, 0, "managed", "linked"))


def test_an_svg_says_names_shares_and_statuses_as_text() -> None:
    text = drawn(FLEET, HELD).decode()
    said = ("Moon", "Alfa Ltd", "Ivan Doe", "40 to 60 %", "managed", "possibly (US)", "blocked (US), listed")
    assert [each for each in said if each not in text] == []


def test_the_same_table_gives_the_same_bytes() -> None:
    assert drawn(FLEET, HELD) == drawn(FLEET, HELD)


def test_a_png_is_a_png() -> None:
    assert drawn(FLEET, HELD, "png").startswith(b"\x89PNG")


def test_rings_self_links_and_parties_without_links_are_drawn() -> None:
    people = parties(*((n, f"Company {n}", "company", "not shown") for n in range(5)))
    ring = links(
        (0, 1, "60 %", "owned"), (1, 0, "60 %", "owned"), (2, 2, "10 %", "owned"), (3, 9, "5 %", "owned")
    )
    text = drawn(people, ring).decode()
    assert all(f"Company {n}" in text for n in range(5))


def test_many_ships_go_into_several_rows_and_none_is_lost() -> None:
    people = parties(
        (0, "Owner", "company", "blocked"), *((n, f"Ship {n}", "vessel", "blocked") for n in range(1, 19))
    )
    text = drawn(people, links(*((0, n, "100 %", "owned") for n in range(1, 19)))).decode()
    assert all(f">Ship {n}<" in text for n in range(1, 19))


def test_nobody_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="at least one party"):
        drawn(parties(), links())
