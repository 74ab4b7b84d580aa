"""Bundles between desks: any order, repetition or loss comes to the same cases; what was altered is refused."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from clearwake import seal
from clearwake.archive import Archive
from clearwake.cli import main
from clearwake.flow import bundles, casework, exchange
from clearwake.flow.bundles import RefusedError
from clearwake.flow.casefiles import keep_file
from clearwake.flow.casework import By
from clearwake.flow.chains import moment_now
from clearwake.flow.signing import key_of, public_key
from clearwake.model import Case, ClearwakeError, Item, Marking, UnreadableFileError, UsageError, utc
from clearwake.store import Store

ALL = ("AUS", "JPN", "USA")


class Desk:
    """One nation's desk."""

    def __init__(self, folder: Path, nation: str) -> None:
        self.nation, self.folder = nation, folder / nation
        self.store = Store(self.folder)
        self.archive = Archive(self.folder / "archive")
        self.by = By(f"somebody of {nation}", "analyst", nation)
        self.sent = 0

    def export(self, to: Desk) -> Path:
        self.sent += 1
        path = self.folder / f"{self.sent}-{to.nation}.zip"
        exchange.export(self.store, self.archive, to.nation, path, self.by)
        return path

    def take(self, path: Path, trust: str | None = None) -> exchange.Taken:
        return exchange.take(self.store, self.archive, path, trust, self.nation)

    def case(self, name: str) -> Case:
        return casework.case(self.store, name)


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[tuple[Desk, Desk, Desk]]:
    three = (Desk(tmp_path, "JPN"), Desk(tmp_path, "AUS"), Desk(tmp_path, "USA"))
    yield three
    for desk in three:
        desk.store.close()


def item(sentence: str, marking: Marking) -> Item:
    bare = Item("", "statement", sentence, marking, utc("2018-02-13T03:17:22"), None, 124.51342, 29.87651)
    origin = f"origin of {sentence}"
    return replace(bare, ships=("ship:rye-song-gang-1",), origin=origin, reliability="B", credibility=2)


def marked(originator: str, *to: str, torn: tuple[str, ...] = ()) -> Marking:
    return Marking(originator, "TLP:AMBER", to, torn)


def opened(desk: Desk, marking: Marking, sentence: str = "seen side by side") -> str:
    return casework.open_case(
        desk.store, desk.by, title="Two tankers", ships=["ship:rye-song-gang-1"], items=[item(sentence, marking)],
        marking=marking,
    ).id  # fmt: skip


def known(desk: Desk, name: str) -> tuple[object, ...]:
    """Give what a desk knows of a case: all but who was given copies, which each desk keeps for itself."""
    case = desk.case(name)
    decisions = tuple(d for d in case.decisions if d.act != "copy")
    return case.state, case.standing, case.title, case.items, case.withdrawn, case.conflicts, decisions


def rounds(desks: tuple[Desk, ...], chance: random.Random) -> None:
    """Let desks exchange in a random order, lose some bundles and repeat others, then each give each one more."""
    kept: list[tuple[Desk, Path]] = []
    for _ in range(4):
        one, other = chance.sample(desks, 2)
        bundle = one.export(other)
        if chance.random() < 0.7:
            kept.append((other, bundle))
    chance.shuffle(kept)
    for to, bundle in (*kept, *kept[:1]):
        to.take(bundle)
    for _ in range(2):
        pairs = [(a, b) for a in desks for b in desks if a is not b]
        chance.shuffle(pairs)
        for one, other in pairs:
            other.take(one.export(other))


@pytest.mark.parametrize("seed", range(3))
def test_three_desks_that_exchange_in_any_order_come_to_the_same_case(
    desks: tuple[Desk, Desk, Desk], seed: int
) -> None:
    japan, australia, america = desks
    name = opened(japan, marked("JPN", *ALL))
    for desk in (australia, america):
        desk.take(japan.export(desk))
    for desk in desks:
        casework.add(desk.store, name, item(f"by {desk.nation}", marked(desk.nation, *ALL)), by=desk.by)
        casework.decide(
            desk.store, name, "confirm", desk.by, why="both were seen", marking=marked(desk.nation, *ALL)
        )
    casework.decide(america.store, name, "refute", america.by, why="not so", marking=marked("USA", *ALL))
    rounds(desks, random.Random(seed))  # noqa: S311 - a seeded source is the point
    assert known(japan, name) == known(australia, name) == known(america, name)
    assert len(japan.case(name).items) == 4


@pytest.mark.parametrize("seed", range(2))
def test_desks_that_exchange_in_any_order_agree_on_what_was_withdrawn_and_retracted(
    desks: tuple[Desk, Desk, Desk], seed: int
) -> None:
    japan, australia, america = desks
    name = opened(japan, marked("JPN", *ALL))
    casework.add(japan.store, name, item("of another hull", marked("JPN", *ALL)), by=japan.by)
    casework.add(japan.store, name, item("canary", marked("JPN", "USA")), by=japan.by)
    for desk in (australia, america):
        desk.take(japan.export(desk))
    wrong = japan.case(name).items[1].id
    casework.decide(america.store, name, "confirm", america.by, why="clear", marking=marked("USA", *ALL))
    casework.decide(japan.store, name, "withdraw", japan.by, why="misread", rests_on=[wrong])
    officer = replace(japan.by, role="release officer")
    casework.decide(japan.store, name, "retract", officer, why="another hull", rests_on=[wrong])
    rounds(desks, random.Random(seed))  # noqa: S311 - a seeded source is the point
    for desk in desks:
        assert (desk.case(name).standing, desk.case(name).withdrawn) == (("retracted",), (wrong,))
        assert desk.case(name).conflicts == ()
    assert [i.sentence for i in australia.case(name).items] == ["seen side by side"]


def test_a_coarse_item_is_taken_out_where_it_was_given_and_nothing_of_others_shows(
    desks: tuple[Desk, Desk, Desk],
) -> None:
    japan, australia, america = desks
    name = opened(japan, marked("JPN", *ALL))
    casework.add(japan.store, name, item("canary", marked("JPN", torn=("AUS",))), by=japan.by)
    casework.add(japan.store, name, item("heron", marked("JPN")), by=japan.by)
    for desk in (australia, america):
        desk.take(japan.export(desk))
    coarse, own = (i.id for i in japan.case(name).items[1:])
    casework.decide(japan.store, name, "withdraw", japan.by, why="misread", rests_on=[coarse, own])
    for desk in (australia, america):
        bundle = japan.export(desk)
        desk.take(bundle)
        assert own not in everything(bundle)
        assert (coarse in everything(bundle)) == (desk is australia)
    assert (australia.case(name).withdrawn, australia.case(name).conflicts) == ((coarse,), ())
    assert america.case(name).withdrawn == ()
    assert [i.sentence for i in australia.case(name).items] == ["seen side by side"]


def test_the_words_of_a_retraction_that_quote_what_a_reader_may_not_have_are_refused(
    desks: tuple[Desk, Desk, Desk],
) -> None:
    japan, australia, _ = desks
    name = opened(japan, marked("JPN", *ALL))
    casework.add(japan.store, name, item("canary in the harbour", marked("JPN")), by=japan.by)
    officer = replace(japan.by, role="release officer")
    why = "the canary in the harbour was wrong"
    with pytest.raises(UsageError, match="AUS may not have: 'canary in the harbour'"):
        casework.decide(japan.store, name, "retract", officer, why=why)
    assert japan.case(name).state == "reported"
    casework.decide(japan.store, name, "retract", officer, why=why, marking=marked("JPN"))
    assert "canary" not in everything(japan.export(australia))


def test_a_bundle_taken_twice_changes_nothing(desks: tuple[Desk, Desk, Desk]) -> None:
    japan, australia, _ = desks
    name = opened(japan, marked("JPN", torn=("AUS",)))
    bundle = japan.export(australia)
    first = australia.take(bundle)
    before = australia.store.cases.entries()
    again = australia.take(bundle)
    assert (first.is_new, first.versions, again.is_new, again.versions, again.entries) == (
        True,
        1,
        False,
        0,
        0,
    )
    assert australia.store.cases.entries() == before
    assert name not in australia.store.cases.versions()


def test_a_tear_line_travels_coarse_and_for_its_receiver_alone(desks: tuple[Desk, Desk, Desk]) -> None:
    japan, australia, america = desks
    name = opened(japan, marked("JPN", "AUS", "USA"))
    casework.add(japan.store, name, item("canary in the harbour", marked("JPN", torn=("AUS",))), by=japan.by)
    bundle = japan.export(australia)
    australia.take(bundle)
    coarse = australia.case(name).items[1]
    assert (coarse.lon, coarse.lat, coarse.marking.releasable_to) == (124.75, 29.75, ("AUS",))
    assert "canary" not in everything(bundle)
    for each in (australia.export(america), japan.export(america)):
        america.take(each)
        assert "canary" not in everything(each)
    assert [i.sentence for i in america.case(name).items] == ["seen side by side"]


def test_the_full_text_takes_the_place_of_a_tear_line_once_its_originator_permits(
    desks: tuple[Desk, Desk, Desk],
) -> None:
    japan, australia, _ = desks
    name = opened(japan, marked("JPN", "AUS"))
    added = casework.add(japan.store, name, item("canary", marked("JPN", torn=("AUS",))), by=japan.by).items[
        1
    ]
    australia.take(japan.export(australia))
    wider = marked("JPN", "AUS")
    officer = replace(japan.by, role="release officer")
    casework.decide(japan.store, name, "permit", officer, why="asked", rests_on=[added.id], permits=wider)
    australia.take(japan.export(australia))
    assert [i.sentence for i in australia.case(name).items] == ["seen side by side", "canary"]


def test_evidence_of_a_third_goes_on_only_where_its_originator_lets_it(
    desks: tuple[Desk, Desk, Desk],
) -> None:
    japan, australia, america = desks
    name = opened(japan, marked("JPN", *ALL))
    casework.add(japan.store, name, item("for australia alone, canary", marked("JPN", "AUS")), by=japan.by)
    australia.take(japan.export(australia))
    passed_on = australia.export(america)
    america.take(passed_on)
    assert [i.sentence for i in america.case(name).items] == ["seen side by side"]
    assert "canary" not in everything(passed_on)


def test_a_desks_own_ids_stay_at_the_desk_whatever_else_a_party_may_have(
    desks: tuple[Desk, Desk, Desk],
) -> None:
    japan, australia, _ = desks
    own, of_a_position, hull = "sighting:7f2a90c1d4e8b6a35c01", "position:0c1d4e8b6a35c017f2a9", 4310017
    row = {
        "id": own,
        "name": "RYE SONG GANG 1",
        "evidence": [of_a_position],
        "track_a": hull,
        "lon": 124.51342,
    }
    seen = replace(item("seen side by side", marked("JPN", *ALL)), source=own, rows=json.dumps(row))
    name = casework.open_case(japan.store, japan.by, items=[seen], marking=marked("JPN", *ALL)).id
    bundle = japan.export(australia)
    taken = australia.take(bundle)
    held = bundle.read_bytes().decode("utf-8", "replace")
    secret = (own.partition(":")[2], of_a_position.partition(":")[2], str(hull))
    assert not [mark for mark in secret if mark in held]
    assert taken.opened == 2
    assert taken.versions == 0
    assert [i.source for i in japan.case(name).items] == [own]
    there = australia.case(name).items
    assert [i.source for i in there] == [None]
    assert json.loads(there[0].rows or "")["name"] == "RYE SONG GANG 1"
    again = casework.open_case(japan.store, japan.by, items=[seen], marking=marked("JPN", *ALL))
    assert [i.source for i in again.items] == [own]


def test_a_file_travels_with_the_item_it_belongs_to_and_on_from_there(
    desks: tuple[Desk, Desk, Desk], tmp_path: Path
) -> None:
    japan, australia, america = desks
    paper = tmp_path / "fixture.txt"
    paper.write_bytes(b"charter party")
    sha256 = keep_file(japan.store, japan.archive, paper, marked("JPN", *ALL))
    told = replace(item("a charter party", marked("JPN", *ALL)), kind="document", sha256=sha256)
    name = casework.open_case(
        japan.store, japan.by, title="T", ships=["ship:foo"], items=[told], marking=marked("JPN", *ALL)
    ).id
    bundle = japan.export(australia)
    australia.take(bundle)
    assert australia.archive.path(sha256).read_bytes() == b"charter party"
    assert australia.take(bundle).entries == 0
    america.take(australia.export(america))
    assert america.archive.path(sha256).read_bytes() == b"charter party"
    assert known(america, name) == known(japan, name)


def test_a_file_that_the_sender_never_had_keeps_nobody_from_taking_the_rest(
    desks: tuple[Desk, Desk, Desk],
) -> None:
    japan, australia, _ = desks
    told = replace(item("a page", marked("JPN", *ALL)), kind="document", sha256="ab" * 32)
    name = casework.open_case(japan.store, japan.by, title="T", items=[told], marking=marked("JPN", *ALL)).id
    australia.take(japan.export(australia))
    assert [i.sha256 for i in australia.case(name).items] == ["ab" * 32]
    assert not australia.archive.has("ab" * 32)


def test_a_case_whose_name_a_party_may_not_know_travels_without_it(desks: tuple[Desk, Desk, Desk]) -> None:
    japan, australia, _ = desks
    casework.open_case(
        japan.store, japan.by, title="Canary", day=utc("2018-02-13"), ships=["ship:canary-maru"]
    )
    other = replace(item("a photograph of some ship", marked("JPN", "AUS")), ships=("imo:8660313",))
    casework.add(japan.store, "2018-02-13-canary-maru", other, by=japan.by)
    bundle = japan.export(australia)
    australia.take(bundle)
    assert "canary" not in everything(bundle).casefold()
    (name,) = australia.store.cases.versions()
    assert [i.sentence for i in australia.case(name).items] == ["a photograph of some ship"]


def test_a_partner_is_not_told_who_else_was_given_copies(desks: tuple[Desk, Desk, Desk]) -> None:
    japan, australia, america = desks
    opened(japan, marked("JPN", *ALL))
    japan.export(america)
    assert "exchange given to" not in everything(japan.export(australia))


def everything(path: Path) -> str:
    """Give all texts in a bundle, and its names."""
    with zipfile.ZipFile(path) as bundle:
        return "\n".join(f"{n}\n{bundle.read(n).decode('utf-8', 'replace')}" for n in bundle.namelist())


# Bundles that are not what they say


def remade(path: Path, change: dict[str, bytes | None]) -> Path:
    """Write a bundle anew with some files changed, put in or left out."""
    with zipfile.ZipFile(path) as bundle:
        files = {n: bundle.read(n) for n in bundle.namelist()} | change
    other = path.with_name("other.zip")
    other.write_bytes(bundles._zipped({n: content for n, content in files.items() if content is not None}))
    return other


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"entries.jsonl": b"{}\n"}, "entries.jsonl was altered"),
        ({"heads.jsonl": None}, "heads.jsonl is missing"),
        ({"files/more": b"x"}, "files/more was put in"),
        ({"signature": b"00" * 64}, "not signed by the key it names"),
    ],
)
def test_an_altered_bundle_is_refused_with_the_reason(
    desks: tuple[Desk, Desk, Desk], change: dict[str, bytes | None], reason: str
) -> None:
    japan, australia, _ = desks
    opened(japan, marked("JPN", *ALL))
    with pytest.raises(RefusedError, match=reason):
        australia.take(remade(japan.export(australia), change))
    assert australia.store.cases.versions() == {}


def test_one_flipped_byte_anywhere_is_refused(desks: tuple[Desk, Desk, Desk]) -> None:
    japan, australia, _ = desks
    opened(japan, marked("JPN", *ALL))
    path = japan.export(australia)
    content = path.read_bytes()
    chance = random.Random(4)  # noqa: S311 - as above
    for place in (*range(40), *(chance.randrange(len(content)) for _ in range(60)), *range(-40, 0)):
        flipped = bytearray(content)
        flipped[place] ^= 1 << chance.randrange(8)
        path.write_bytes(bytes(flipped))
        with pytest.raises(ClearwakeError):
            australia.take(path)
    assert australia.store.cases.versions() == {}


def test_a_bundle_that_says_it_is_from_a_partner_and_is_signed_by_another_is_refused(
    desks: tuple[Desk, Desk, Desk],
) -> None:
    japan, australia, america = desks
    opened(japan, marked("JPN", *ALL))
    australia.take(japan.export(australia))
    forged = america.folder / "forged.zip"
    content = bundles.packed(key_of(america.store), "JPN", "AUS", moment_now(), {"entries.jsonl": b""})
    forged.write_bytes(content)
    with pytest.raises(RefusedError, match="not signed by the key known of JPN"):
        australia.take(forged)
    with pytest.raises(RefusedError, match="not by the key you trust"):
        australia.take(forged, trust=public_key(japan.store))
    assert exchange.partners(australia.store) == {public_key(japan.store): "JPN"}


def test_a_partner_cannot_rewrite_what_another_desk_decided(desks: tuple[Desk, Desk, Desk]) -> None:
    japan, australia, america = desks
    opened(japan, marked("JPN", *ALL))
    america.take(japan.export(america))
    australia.take(japan.export(australia))
    entries = america.store.cases.entries()
    wrong = [replace(e, body=e.body.replace("side by side", "far apart")) if e.body else e for e in entries]
    lines = b"".join(seal.canonical(e) + b"\n" for e in wrong)
    heads = b"".join(seal.canonical(h) + b"\n" for h in america.store.cases.heads())
    path = america.folder / "rewritten.zip"
    path.write_bytes(bundles.packed(key_of(america.store), "USA", "AUS", moment_now(),
                                    {"entries.jsonl": lines, "heads.jsonl": heads, "versions.jsonl": b""}))  # fmt: skip
    with pytest.raises(RefusedError, match="its text is not what was committed to"):
        australia.take(path)


def test_a_bundle_for_another_or_of_ones_own_is_refused_and_one_for_the_public_is_not_made(
    desks: tuple[Desk, Desk, Desk],
) -> None:
    japan, australia, america = desks
    opened(japan, marked("JPN", *ALL))
    with pytest.raises(RefusedError, match="it is for AUS, and this desk is USA"):
        america.take(japan.export(australia))
    with pytest.raises(RefusedError, match="this desk made it itself"):
        japan.take(japan.export(australia))
    with pytest.raises(UsageError, match="for one party"):
        exchange.export(japan.store, japan.archive, "public", japan.folder / "x.zip", japan.by)


def test_evidence_said_to_be_ours_that_we_do_not_have_is_refused(desks: tuple[Desk, Desk, Desk]) -> None:
    japan, australia, _ = desks
    made_up = replace(item("we said so", marked("AUS", "JPN")), id="item:" + "e" * 32)
    line = seal.canonical(exchange.Version("a-case", "A case", made_up)) + b"\n"
    path = japan.folder / "made-up.zip"
    path.write_bytes(
        bundles.packed(key_of(japan.store), "JPN", "AUS", moment_now(), {"versions.jsonl": line})
    )
    with pytest.raises(RefusedError, match="said to be AUS's, which this desk does not have"):
        australia.take(path)
    assert australia.store.cases.versions() == {}


def test_what_is_no_bundle_is_said_to_be_none(desks: tuple[Desk, Desk, Desk]) -> None:
    _, australia, _ = desks
    path = australia.folder / "no.zip"
    path.write_bytes(b"no zip")
    with pytest.raises(UnreadableFileError, match=r"a zip of clearwake exchange"):
        australia.take(path)
    with pytest.raises(UsageError, match="64 hexadecimal digits"):
        exchange.trust(australia.store, "abc", "JPN")


def test_the_same_content_makes_the_same_file_whenever_it_is_made(desks: tuple[Desk, Desk, Desk]) -> None:
    key = key_of(desks[0].store)
    one = bundles.packed(key, "JPN", "AUS", utc("2018-02-13"), {"b": b"2", "a": b"1"})
    other = bundles.packed(key, "JPN", "AUS", utc("2018-02-13"), {"a": b"1", "b": b"2"})
    assert one == other
    with zipfile.ZipFile(io.BytesIO(one)) as bundle:
        assert {each.date_time for each in bundle.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_commands_give_take_and_refuse(
    desks: tuple[Desk, Desk, Desk], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    japan, australia, _ = desks
    name = opened(japan, marked("JPN", *ALL))

    def call(desk: Desk, *words: str) -> tuple[int, list[dict[str, object]], str]:
        monkeypatch.setattr("sys.argv", ["clearwake", "exchange", *words, "--desk", str(desk.folder)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), [json.loads(line) for line in said.out.splitlines()], said.err

    out = str(japan.folder / "out.zip")
    code, (sent,), _ = call(japan, "export", "--to", "AUS", "--out", out, "--nation", "JPN")
    assert (code, sent["cases"], sent["opened"]) == (0, [name], 2)
    code, (taken,), told = call(australia, "import", out, "--nation", "AUS")
    assert (code, taken["from"], taken["is_new"]) == (0, "JPN", True)
    _, (key,), _ = call(japan, "key")
    assert str(key["key"]) in told
    _, known_ones, _ = call(australia, "partners", "--trust", "ab" * 32, "--as", "usa")
    assert known_ones == [{"party": "JPN", "key": key["key"]}, {"party": "USA", "key": "ab" * 32}]
    code, _, told = call(australia, "import", out, "--nation", "USA")
    assert (code, "it is for AUS, and this desk is USA" in told) == (1, True)
