"""Which way goods go, however the country and its ports are spelt."""

from __future__ import annotations

import polars as pl
import pytest
from tests.goods.papers import found, kinds, shipment

from clearwake.goods.nation import dprk_port, is_dprk


@pytest.mark.parametrize(
    "said",
    ["PRK", "KP", "kp", "DPRK", "D.P.R.K.", "North Korea", "Korea, North", "N. Korea", "Korea (North)", "DPR Korea",
     "Korea, Democratic People's Republic of", "Democratic People\u2019s Republic of Korea",
     "Korea, Dem. People's Rep.",
     "Corée du Nord", "Nordkorea", "북한", "朝鲜", "КНДР", "Северная Корея"],
)  # fmt: skip
def test_the_dprk_is_found_in_any_spelling(said: str) -> None:
    assert is_dprk(pl.Series([said])).to_list() == [True]
    assert kinds(found(shipment(hs_code="0801", origin=said))) == {"prohibited_goods"}


@pytest.mark.parametrize(
    "said",
    ["Korea", "KOR", "KR", "Republic of Korea", "South Korea", "Korea, Republic of", "China", "", None],
)
def test_other_countries_are_not_the_dprk(said: str | None) -> None:
    assert is_dprk(pl.Series([said], dtype=pl.String)).to_list() == [False]


@pytest.mark.parametrize(
    ("said", "port"),
    [
        ("Nampo", "Nampo"), ("NAMPHO", "Nampo"), ("Port of Nampo", "Nampo"), ("NAMPO, DPRK", "Nampo"),
        ("Nampo, Korea", "Nampo"), ("NAMPO DPRK", "Nampo"), ("남포", "Nampo"), ("Rajin (DPRK)", "Najin"),
        ("Chongjin", "Ch'ongjin"), ("Ch'ongjin", "Ch'ongjin"), ("Songnim", "Kyomip'o"), ("KPNAM", "KPNAM"),
        ("Some jetty, North Korea", "Some jetty, North Korea"),
        ("Wonsan, China", None), ("Dalian", None), ("Incheon, Korea", None), (None, None),
    ],
)  # fmt: skip
def test_ports_of_the_dprk_are_found_under_their_several_names(said: str | None, port: str | None) -> None:
    assert dprk_port(pl.Series([said], dtype=pl.String)).to_list() == [port]


def test_a_port_alone_says_which_way_goods_go() -> None:
    assert kinds(found(shipment(hs_code="0801", origin="CHN", load_port="Nampo"))) == {"prohibited_goods"}
    assert kinds(found(shipment(hs_code="8429", discharge_port="Wonsan, DPRK"))) == {"prohibited_goods"}


def test_trade_within_the_dprk_is_neither_to_nor_from_it() -> None:
    assert kinds(found(shipment(hs_code="2701", origin="PRK", destination="PRK"))) == set()
