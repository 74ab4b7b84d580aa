"""A release as it is written: files, record, refusals; and how far it reaches when something is taken back."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PIL import Image

from clearwake import seal
from clearwake.archive import Archive
from clearwake.cli import main
from clearwake.flow import casework, releasing, shared
from clearwake.flow.casefiles import keep_file
from clearwake.flow.casework import By
from clearwake.flow.releasing import NotReleasableError, ReleaseReport, release_case
from clearwake.model import Item, LegalFact, Marking, Reason, UsageError, utc
from clearwake.release import audience_of, opened_by
from clearwake.store import Store

CLEAR, SHUT = Marking("JPN", "TLP:CLEAR"), Marking("JPN", "TLP:AMBER")
JAPAN = By("Tanaka", "analyst", "JPN")
OFFICER, LAWYER = By("Abe", "release officer", "JPN"), By("Mori", "legal adviser", "JPN")


@dataclass
class Desk:
    """One desk and the folder its releases go to."""

    store: Store
    archive: Archive
    folder: Path

    def release(self, name: str, to: str, despite: str | None = None) -> ReleaseReport:
        out = self.folder / to.replace(",", "-")
        return release_case(self.store, self.archive, name, audience_of(to), out, by=JAPAN, despite=despite)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Store(tmp_path / "desk") as store:
        yield Desk(store, Archive(tmp_path / "desk" / "archive"), tmp_path)


def item(sentence: str, marking: Marking, origin: str = "press", **more: object) -> Item:
    bare = Item("", "statement", sentence, marking, utc("2018-02-13"), ships=("imo:8660313",), origin=origin,
                reliability="B", credibility=2)  # fmt: skip
    return replace(bare, **more)  # type: ignore[arg-type]


def opened(desk: Desk, *items: Item) -> str:
    return casework.open_case(
        desk.store, JAPAN, title="Two tankers", day=utc("2018-02-13"), ships=["imo:8660313"], items=items, marking=CLEAR
    ).id  # fmt: skip


def test_a_release_holds_what_its_manifest_says_and_nothing_withheld(desk: Desk) -> None:
    name = opened(desk, item("seen side by side", CLEAR), item("canary in the harbour", SHUT, "canary"))
    given = desk.release(name, "public")
    files = {
        p.relative_to(given.folder).as_posix(): p.read_bytes() for p in given.folder.rglob("*") if p.is_file()
    }
    manifest = json.loads(files.pop("manifest.json"))
    assert manifest["files"] == {n: seal.digest(content) for n, content in files.items()}
    assert not any(b"canary" in content or name.encode() in content for content in files.values())
    assert [(n.originator, n.what) for n in given.needed] == [("JPN", "statement: canary in the harbour")]
    assert not list(desk.folder.glob(".*"))


def test_who_was_given_what_is_on_record_with_the_secret_that_opens_it(desk: Desk) -> None:
    name = opened(desk, item("seen side by side", CLEAR))
    given = desk.release(name, "AUS,USA")
    copy = casework.case(desk.store, name).decisions[-1]
    digest = seal.digest((given.folder / "manifest.json").read_bytes())
    assert (copy.act, dict(copy.told)) == ("copy", {"what": "release", "to": "AUS,USA", "sha256": digest})
    secret = bytes.fromhex((desk.store.get(releasing.RELEASES) or {})[digest]["secret"])
    (line,) = (given.folder / "items.jsonl").read_text().splitlines()
    released = json.loads(line)["id"]
    original = casework.case(desk.store, name).items[0]
    told = json.loads((given.folder / "commitments.json").read_text())
    assert told[released] == seal.commitment(opened_by(secret, released), seal.canonical(original))


def test_a_folder_that_holds_something_is_left_alone(desk: Desk) -> None:
    name = opened(desk, item("seen side by side", CLEAR))
    desk.release(name, "AUS")
    with pytest.raises(UsageError, match="not empty"):
        desk.release(name, "AUS")


def test_a_text_that_quotes_what_is_withheld_stops_a_release_unless_somebody_says_why(desk: Desk) -> None:
    shut = item("a source in the harbour", SHUT, observer="Lt Canary")
    name = opened(desk, shut, item("Lt Canary says so", CLEAR))
    with pytest.raises(NotReleasableError, match="holds the observer"):
        desk.release(name, "AUS")
    assert not (desk.folder / "AUS").exists()
    assert casework.case(desk.store, name).decisions[-1].act == "add"
    desk.release(name, "AUS", despite="he retired and agrees")
    assert "he retired" in casework.case(desk.store, name).decisions[-1].why


def test_a_published_case_goes_to_the_public_only_through_the_gate(desk: Desk) -> None:
    transfer = LegalFact("", "transfer", "imo:8660313", "gave", "ship:other", since=utc("2018-02-13").date())
    flag = LegalFact("", "flag", "imo:8660313", "PRK")
    said = Reason("breach", is_for=True, weight=1.0, weight_origin="test", sentence="side by side")
    name = opened(
        desk, item("seen by one", CLEAR, "one", facts=(transfer, flag), reasons=(said,)),
        item("seen by another, in secret", SHUT, "another", facts=(transfer,), reasons=(said,)),
    )  # fmt: skip

    def decide(act: str, by: By, **told: str) -> None:
        casework.decide(desk.store, name, act, by, why=act, told=told, marking=CLEAR)

    decide("confirm", JAPAN)
    decide("review", LAWYER)
    decide("offer_reply", JAPAN, on="2018-02-20", until="2018-03-01")
    before = desk.release(name, "public")
    assert "sources" in [c.name for c in before.checks if not c.is_passed]
    decide("publish", OFFICER)
    with pytest.raises(NotReleasableError, match="sources: the released version is"):
        release_case(desk.store, desk.archive, name, ("public",), desk.folder / "again", by=JAPAN)
    assert not (desk.folder / "again").exists()


def test_a_photograph_goes_as_pixels_under_a_number(desk: Desk) -> None:
    taken, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "canary cameras"
    Image.new("RGB", (8, 8), "navy").save(taken, "JPEG", exif=exif)
    path = desk.folder / "canary.jpg"
    path.write_bytes(taken.getvalue())
    sha256 = keep_file(desk.store, desk.archive, path, CLEAR)
    name = opened(desk, item("a photograph", CLEAR, kind="photograph", sha256=sha256))
    given = desk.release(name, "public")
    (shown,) = (given.folder / "photographs").iterdir()
    assert shown.name == "photograph-1.jpg"
    everything = b"".join(p.read_bytes() for p in given.folder.rglob("*") if p.is_file())
    assert b"canary" not in everything
    assert sha256.encode() not in everything


# Taking back


def test_what_was_taken_back_reaches_every_copy_and_whoever_rests_on_it(desk: Desk) -> None:
    name = opened(desk, item("seen side by side", CLEAR), item("something else", CLEAR))
    first, other = casework.case(desk.store, name).items
    casework.add(
        desk.store, name, item("so it was oil", CLEAR, kind="conclusion", rests_on=(first.id,)), by=JAPAN
    )
    elsewhere = casework.open_case(
        desk.store, JAPAN, title="Another", items=[replace(other, id="")], marking=CLEAR
    ).id
    desk.release(name, "AUS,USA")
    desk.release(elsewhere, "KOR")
    casework.decide(desk.store, name, "withdraw", JAPAN, why="misread", rests_on=[first.id])
    found = shared.retractions(desk.store)
    assert set(found["taken_back"]) == {first.id}
    assert found.filter(what="release").select("case", "to", "tell").rows() == [
        (name, ["AUS", "USA"], (f"tell AUS, USA that {name} was corrected, and ask for the release "
         f"back; it is told by: clearwake release {name} --to AUS,USA --out FOLDER"))
    ]  # fmt: skip
    assert found.filter(what="case").height == 2
    assert set(found["case"]) == {name}


def test_a_retracted_case_reaches_all_its_copies_and_its_listing(desk: Desk) -> None:
    name = opened(desk, item("by one", CLEAR, "one"), item("by another", CLEAR, "another"))
    casework.decide(desk.store, name, "confirm", JAPAN, why="two sources", marking=CLEAR)
    casework.decide(desk.store, name, "list", JAPAN, why="listed", told={"list": "1718"}, marking=CLEAR)
    desk.release(name, "AUS")
    assert shared.retractions(desk.store).is_empty()
    casework.decide(desk.store, name, "retract", OFFICER, why="another hull", marking=CLEAR)
    found = shared.retractions(desk.store)
    assert sorted(found["what"].to_list()) == ["decision", "list entry", "release"]
    assert found.filter(what="list entry")["to"].to_list() == [["1718"]]
    announced = shared.announcements(desk.store).select("act", "is_standing").rows()
    assert announced == [("retract", True), ("list", True)]


def test_a_case_taken_up_in_private_is_retracted_for_all_who_had_it_and_whom_to_tell_grows_less(
    desk: Desk,
) -> None:
    name = opened(desk, item("by one", CLEAR, "one"), item("by a partner", Marking("GBR", "TLP:AMBER")))
    desk.release(name, "AUS")
    desk.release(name, "public")
    casework.decide(desk.store, name, "take_up", JAPAN, why="to be judged", marking=SHUT)
    casework.decide(desk.store, name, "retract", OFFICER, why="another hull")
    assert casework.case(desk.store, name).decisions[-1].marking == Marking(
        "JPN", "TLP:GREEN", (), ("public",)
    )
    copies = shared.retractions(desk.store).filter(what="release")
    assert sorted(copies["to"].to_list()) == [["AUS"], ["public"]]
    for to, words in (("AUS", "another hull"), ("public", "")):
        out = desk.folder / f"again-{to}"
        release_case(desk.store, desk.archive, name, audience_of(to), out, by=JAPAN)
        assert json.loads((out / "case.json").read_text())["standing"] == ["retracted"]
        told = [json.loads(line) for line in (out / "decisions.jsonl").read_text().splitlines()]
        assert [d["why"] for d in told if d["act"] == "retract"] == [words]
    assert shared.retractions(desk.store).filter(what="release").is_empty()


def test_a_conclusion_given_by_permission_is_withdrawn_by_name_with_what_it_rests_on(desk: Desk) -> None:
    name = opened(desk, item("seen in secret", SHUT, "one"), item("seen", CLEAR))
    secret = casework.case(desk.store, name).items[0].id
    casework.add(
        desk.store, name, item("so it was oil", CLEAR, kind="conclusion", rests_on=(secret,)), by=JAPAN
    )
    drawn = casework.case(desk.store, name).items[2].id
    casework.decide(desk.store, name, "permit", OFFICER, why="asked", rests_on=[drawn], permits=CLEAR)
    desk.release(name, "AUS")
    casework.decide(desk.store, name, "withdraw", JAPAN, why="misread", rests_on=[secret])
    case = casework.case(desk.store, name)
    assert [d.rests_on for d in case.decisions if d.act == "withdraw"] == [(drawn,), (secret,)]
    told = releasing.version_of(desk.store, name, ("AUS",)).released.case.decisions
    assert [d.why for d in told if d.act == "withdraw"] == ["misread"]


def test_contributions_are_counted_by_whose_evidence_it_is(desk: Desk) -> None:
    name = opened(desk, item("by one", CLEAR))
    casework.add(desk.store, name, item("theirs", Marking("AUS", "TLP:GREEN"), kind="sighting"), by=JAPAN)
    casework.decide(desk.store, name, "confirm", By("Bruce", "analyst", "AUS"), why="we saw it")
    found = shared.contributions(desk.store)
    assert found.select("nation", "cases", "items", "sightings", "decisions", "confirmations").rows() == [
        ("AUS", 1, 1, 1, 1, 1),
        ("JPN", 1, 1, 0, 1, 0),
    ]


def test_the_command_prints_who_must_permit_what_and_writes_it_nowhere(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = opened(desk, item("seen side by side", CLEAR), item("canary in the harbour", SHUT, "canary"))
    monkeypatch.setattr("sys.argv", ["clearwake", "release", name, "--to", "public", "--out", str(desk.folder / "out"),
                                     "--desk", str(desk.store.root)])  # fmt: skip
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    said = capsys.readouterr()
    assert json.loads(said.out)["originator"] == "JPN"
    assert "gate, legal review: NOT PASSED" in said.err
    written = b"".join(p.read_bytes() for p in (desk.folder / "out").rglob("*") if p.is_file())
    assert b"canary" not in written
