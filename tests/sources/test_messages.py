"""AIS messages decoded: known answers, and two libraries that must agree."""

from __future__ import annotations

import gzip
import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearwake.sources import messages
from clearwake.sources.messages import Decode, Message
from clearwake.sources.sentences import Listener, lines

needs_aiscat = pytest.mark.skipif(
    importlib.util.find_spec("aiscat") is None, reason="the optional decoder aiscat is not installed"
)


def aiscat() -> Decode:
    decode = messages.best()
    assert decode is not messages.by_pyais
    return decode


DECODERS = [messages.by_pyais, pytest.param(None, marks=needs_aiscat, id="by_aiscat")]


def decoded(payload: str, fill_bits: int, decode: Decode | None = None) -> Message | str:
    kind = messages.kind_of(payload.encode())
    return (decode or aiscat())(kind, payload.encode(), fill_bits)


# Payloads and answers from the test data of gpsd (BSD-2-Clause) and libais (Apache-2.0).
@pytest.mark.parametrize("decode", DECODERS)
@pytest.mark.parametrize(
    ("payload", "fill_bits", "wanted"),
    [
        ("15RTgt0PAso;90TKcjM8h6g208CQ", 0,
         Message(371798000, -123.395383, 48.381633, 12.3, 224.0, 215, 0, 33)),
        ("16SteH0P00Jt63hHaa6SagvJ087r", 0, Message(440348000, -70.7582, 43.08015, 0.0, 93.4, None, 0, 13)),
        ("403Ovl@000Htt<tSF0l4Q@100`Pq", 0, Message(3669713)),
        ("53eaFL02?;fwTPm7V219E@R1@PE8E<622222221@9hG1A7?@NCPSlm3kc5DhH8888888880", 2,
         Message(249190000, name="RUTH THERESA", imo=9383663, callsign="9HMQ9", ship_type=80, length_m=101,
                 draught_m=7.8, destination="BOSTON,USA", ais_class="A")),
        ("B5MiOp0006g4up6:EV403wr5oP06", 0,
         Message(366764000, -70.711067, 43.072162, 0.0, 0.0, None, None, 52, ais_class="B")),
        ("H5MiOp1:uJ0MDhJ0<P4hhDpLE80", 2, Message(366764000, name="R/V GULF CHALLENGER", ais_class="B")),
        ("91b77=h3h00nHt0Q3r@@07000<0b", 0, Message(111265591, 11.8816, 57.778455, 0.0, 0.0, None, None, 28)),
        ("E>jAal2S0a7h4aV0ah1TRah36DIOcV76<4uah:1AB@P02:Eh", 0,
         Message(992242128, -8.91487, 42.214103, second=0, name="FARO ISLAS CIES FL(2)W", length_m=20)),
    ],
)  # fmt: skip
def test_messages_say_what_their_sources_say_they_say(
    decode: Decode | None, payload: str, fill_bits: int, wanted: Message
) -> None:
    assert decoded(payload, fill_bits, decode) == wanted


@pytest.mark.parametrize("decode", DECODERS)
@pytest.mark.parametrize(
    ("payload", "fill_bits", "reason"),
    [
        ("15RTgt0PAso;90TKcjM8h6g208C", 0, "message too short"),
        ("33`d`fEP00PCaVFMFM?I@gvf2D=rc@9", 0, "message too long"),
        ("KvQ:1o`7EBrBQ", 0, "message too short"),
        ("H5MiOp=:uJ0MDhJ0<P4hhDpLE80", 2, "message not understood"),
    ],
)
def test_a_payload_that_cannot_be_its_kind_of_message_says_why(
    decode: Decode | None, payload: str, fill_bits: int, reason: str
) -> None:
    assert decoded(payload, fill_bits, decode) == reason


@pytest.mark.parametrize("decode", DECODERS)
def test_a_place_of_which_half_is_not_available_is_none(decode: Decode | None) -> None:
    # MMSI 371798000 at 181 E, 48 N, encoded with pyais.
    said = decoded("15RTgt?P00<tSF0KMl000?v1P000", 0, decode)
    assert not isinstance(said, str)
    assert (said.mmsi, said.lon, said.lat) == (371798000, None, None)


def test_the_kind_is_in_the_first_character() -> None:
    assert [messages.kind_of(first) for first in (b"1", b"5", b"B", b"E", b"H", b"K", b"w", b"0")] == [
        1, 5, 18, 21, 24, 27, 63, 0,
    ]  # fmt: skip


ALPHABET = "0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVW`abcdefghijklmnopqrstuvw"
FIRSTS = st.sampled_from("123459;BCEHKL")


@needs_aiscat
@given(first=FIRSTS, rest=st.text(ALPHABET, min_size=27, max_size=27))
def test_both_decoders_agree_on_any_payload_of_one_slot(first: str, rest: str) -> None:
    payload = first + rest
    assert decoded(payload, 0, aiscat()) == decoded(payload, 0, messages.by_pyais)


@needs_aiscat
@given(rest=st.text(ALPHABET, min_size=70, max_size=70))
def test_both_decoders_agree_on_any_payload_of_a_voyage_message(rest: str) -> None:
    assert decoded("5" + rest, 2, aiscat()) == decoded("5" + rest, 2, messages.by_pyais)


def logs(shared: Path) -> list[Path]:
    mixed = shared / "nmea_mixed_samples"
    found = [each for each in mixed.iterdir() if each.suffix != ".json" and each.name != "PROVENANCE.txt"]
    return [*sorted(found), *(shared / "nmea_dma").glob("*.gz")]


@needs_aiscat
@pytest.mark.shared
def test_both_decoders_agree_on_every_message_of_every_sample_log(shared: Path) -> None:
    decode, compared = aiscat(), 0
    for path in logs(shared):
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        listener = Listener()
        for number, line in lines(data, 1):
            heard = listener.hear(number, line)
            if heard is None or (kind := messages.kind_of(heard.payload)) not in messages.FACTUAL:
                continue
            by_pyais = messages.by_pyais(kind, heard.payload, heard.fill_bits)
            assert decode(kind, heard.payload, heard.fill_bits) == by_pyais, (path.name, number)
            compared += 1
    assert compared > 60_000


@pytest.mark.shared
@pytest.mark.parametrize("name", ["libais_typeexamples", "libais_tagblock"])
def test_messages_say_what_libais_says_they_say(shared: Path, name: str) -> None:
    folder = shared / "nmea_mixed_samples"
    listener = Listener()
    heard = [listener.hear(n, line) for n, line in lines((folder / f"{name}.nmea").read_bytes(), 1)]
    answers = [json.loads(line) for line in (folder / f"{name}_expected.json").read_text().splitlines()]
    compared = 0
    for each in heard:
        kind = 0 if each is None else messages.kind_of(each.payload)
        if each is None or kind not in messages.FACTUAL:
            continue
        said = messages.by_pyais(kind, each.payload, each.fill_bits)
        if isinstance(said, str):
            continue
        assert any(agree(kind, said, answer) for answer in answers), (said, answers)
        compared += 1
    assert compared >= 4


def agree(kind: int, said: Message, answer: dict[str, Any]) -> bool:
    """Compare with libais, whose numbers are in single precision and whose aircraft speeds are in tenths.

    It also writes two of the 64 characters as others.
    """
    if (answer.get("type"), answer.get("mmsi")) != (kind, said.mmsi):
        return False
    speed = answer.get("speed", 0) * (10 if kind == AIRCRAFT else 1)
    return (
        (said.lon or 181) == pytest.approx(answer.get("lon", 181), abs=2e-5)
        and (said.lat or 91) == pytest.approx(answer.get("lat", 91), abs=2e-5)
        and (said.speed_kn or 0) == pytest.approx(speed, abs=0.01)
        and (said.name or "").translate(LIBAIS) == answer.get("shipname", answer.get("name", "")).strip()
        and (said.callsign or "") == answer.get("callsign", "").strip()
        and (said.destination or "") == answer.get("destination", "").strip()
        and str(said.imo or 0) == answer.get("imo", "0")
    )


LIBAIS = str.maketrans("_'", "-`")

AIRCRAFT = 9
"""ITU-R M.1371-5 table 52: whole knots.  The aircraft of the sample flies at 168 kn, not at 16.8."""
