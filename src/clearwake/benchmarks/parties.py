"""Does screening know listed persons and companies in disguise, and leave others alone, and how fast?

Half of the queries are listed parties in one of twelve disguises; half are on no list: real names where the project's
larger data lie, names put together out of listed ones, and namesakes born in another year or registered elsewhere.
Dates of birth, countries and registration numbers are given as often as questionnaires and registers give them.
"""

# ruff: noqa: S311 - dice for a measurement, not for secrets

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import polars as pl

from clearwake.benchmarks.disguises import CYRILLIC, in_script, mistyped
from clearwake.benchmarks.machine import Machine, this_machine
from clearwake.screen import Listed, hold

if TYPE_CHECKING:
    from rich.table import Table

LEAST_PRECISION, LEAST_RECALL, LEAST_PER_CPU_SECOND = 0.98, 0.93, 2_000
FLAGGED = ("match", "possible", "identity_conflict")

BIRTH_GIVEN, COUNTRY_GIVEN, NUMBER_GIVEN = 0.5, 0.6, 0.2
"""How many queries say when a person was born, which country, which registration number."""

OTHER_COUNTRY = 0.1
"""How many of the countries given are not the listed one: people move and companies register elsewhere."""

NAMESAKES, MIXED = 0.05, 0.25
"""Of the queries on no list: a listed name with another birth or country, and names put together out of listed ones."""

COUNTRIES = (
    "Germany",
    "Brazil",
    "India",
    "Japan",
    "Kenya",
    "Canada",
    "Italy",
    "Vietnam",
    "Morocco",
    "Poland",
)

FORMS = (
    "Ltd",
    "LLC",
    "Limited",
    "Co., Ltd.",
    "Inc.",
    "S.A.",
    "GmbH",
    "JSC",
    "OOO",
    "Pte Ltd",
    "FZE",
    "Corp.",
)

LEGAL = (
    r"(?i)\b(?:(?:open|closed|public|limited|private) )*(?:joint[ -]stock company|liability company)"
    r"|\b(?:LLC|LTDA?|LIMITED|CO|COMPANY|INC|CORP|CORPORATION|SA|S\.A\.(?:S\.)?|GMBH|[OPZ]?J?SC"
    r"|[OPZ]?AO|OOO|TOV|PTE|FZE)\b[.,]*"
)
"""Legal forms, as this measurement takes them out; screening has a table of its own."""

SPELT_OTHERWISE = (
    ("KH", "H"), ("SH", "CH"), ("OU", "U"), ("U", "OU"), ("Y", "I"), ("I", "Y"), ("J", "DJ"), ("EI", "EY"),
    ("II", "IY"),
    ("V", "W"), ("Q", "K"), ("EE", "I"), ("OO", "U"), ("YO", "IO"), ("YA", "IA"), ("YU", "IU"), ("E", "I"), ("MM", "M"),
    ("SS", "S"), ("LL", "L"), ("ZH", "J"), ("TS", "C"), ("KS", "X"), ("O", "U"),
)  # fmt: skip
"""What transliterations of one name write differently."""


@dataclass(frozen=True)
class Listing:
    """What a list says of a person or company."""

    id: str
    kind: str
    name: str
    others: tuple[str, ...]
    birth: str | None
    country: str | None
    number: str | None
    is_alone: bool = True
    """Whether no other entry has the name: two may be one party, of which one entry says less."""


Disguise = Callable[[Listing, random.Random], str | None]


def _words(name: str) -> list[str]:
    return [word for word in re.split(r"[\s,]+", re.sub(r"\([^()]*\)", " ", name)) if word]


def _in_order(listing: Listing) -> list[str]:
    """Give the words of a name, given names first where a comma parts them."""
    if listing.kind == "person" and "," in listing.name:
        family, given = listing.name.split(",", 1)
        return _words(given) + _words(family)
    return _words(listing.name)


def _as_listed(listing: Listing, _: random.Random) -> str:
    return listing.name


def _other_order(listing: Listing, dice: random.Random) -> str:
    words = _in_order(listing)
    if listing.kind == "person":
        at = dice.randrange(1, max(len(words), 2))
        return dice.choice((" ".join(words[at:] + words[:at]), " ".join(words)))
    return " ".join(words[1:] + words[:1]) if len(words) < 4 else " ".join(words)


def _initials(listing: Listing, dice: random.Random) -> str | None:
    words = _in_order(listing)
    if listing.kind != "person" or len(words) < 3:
        return None
    at = dice.randrange(len(words) - 1) if dice.random() < 0.3 else dice.randrange(1, len(words) - 1)
    return " ".join(f"{word[0]}." if i == at else word for i, word in enumerate(words))


def _form_changed(listing: Listing, dice: random.Random) -> str | None:
    if listing.kind != "company":
        return None
    words = re.sub(LEGAL, " ", listing.name).split()
    return f"{' '.join(words)} {dice.choice((*FORMS, ''))}".strip() if len(" ".join(words)) > 3 else None


def _spelt_otherwise(listing: Listing, dice: random.Random) -> str | None:
    name = " ".join(_in_order(listing)).upper()
    usable = [pair for pair in SPELT_OTHERWISE if pair[0] in name]
    for one, other in dice.sample(usable, min(len(usable), dice.choice((1, 2)))):
        name = name.replace(one, other, 1)
    return name if usable else None


def _typed_once(listing: Listing, dice: random.Random) -> str:
    return mistyped(listing.name.upper(), 1, dice)


def _typed_twice(listing: Listing, dice: random.Random) -> str | None:
    return mistyped(listing.name.upper(), 2, dice) if len(listing.name) > 11 else None


def _word_dropped(listing: Listing, dice: random.Random) -> str | None:
    """Drop a middle name of a person, a later word of a company's name."""
    words = _in_order(listing)
    if len(words) < 3 or len(words) > 9:
        return None
    if listing.kind == "person":
        del words[dice.randrange(1, len(words) - 1)]
    else:
        del words[dice.randrange(1, len(words))]
    return " ".join(words)


def _word_added(listing: Listing, dice: random.Random) -> str:
    words = _in_order(listing)
    if listing.kind == "person":
        words.insert(
            dice.choice((0, 1, len(words))),
            dice.choice(("Mr", "Dr", "Haji", "Sheikh", "Ali", "Jr", "Maria", "Bin")),
        )
        return " ".join(words)
    return " ".join([*words, dice.choice(("Group", "International", "Holding", "Trading", "Branch", "Co"))])


def _alias(listing: Listing, dice: random.Random) -> str | None:
    return dice.choice(listing.others) if listing.others else None


def _in_cyrillic(listing: Listing, _: random.Random) -> str | None:
    return in_script(" ".join(_in_order(listing)).upper(), CYRILLIC) if listing.name.isascii() else None


def _written_otherwise(listing: Listing, dice: random.Random) -> str:
    words = _in_order(listing)
    joined = dice.choice((" ", "-", "  ", ". ")).join(words)
    if len(words) > 2 and dice.random() < 0.5:
        at = dice.randrange(len(words) - 1)
        joined = " ".join([*words[:at], words[at] + words[at + 1].lower(), *words[at + 2 :]])
    return dice.choice((joined.upper(), joined.title(), joined.lower()))


DISGUISES: dict[str, Disguise] = {
    "as listed": _as_listed,
    "words in another order": _other_order,
    "initial for a name": _initials,
    "another legal form": _form_changed,
    "transliterated otherwise": _spelt_otherwise,
    "one letter mistyped": _typed_once,
    "two letters mistyped": _typed_twice,
    "middle name or word dropped": _word_dropped,
    "title or word added": _word_added,
    "alias": _alias,
    "in Cyrillic": _in_cyrillic,
    "run together, other case": _written_otherwise,
}


@dataclass(frozen=True)
class Stranger:
    """A person or company on no list."""

    kind: str
    name: str
    birth: str | None = None
    country: str | None = None


@dataclass(frozen=True)
class PartiesReport:
    """How true and how fast screening of persons and companies is on one mix of queries."""

    seed: int
    queries: int
    listed: int
    precision: float
    recall: float
    queries_per_cpu_second: float
    recall_by_disguise: dict[str, float]
    recall_by_kind: dict[str, float]
    flagged_by_stranger: dict[str, float]
    """Share flagged of each sort of party on no list."""
    machine: Machine

    @property
    def is_met(self) -> bool:
        """Say whether every demand is met."""
        is_true = self.precision >= LEAST_PRECISION and self.recall >= LEAST_RECALL
        return is_true and self.queries_per_cpu_second >= LEAST_PER_CPU_SECOND

    def as_json(self) -> dict[str, object]:
        """Give the report for a machine."""
        return {**asdict(self), "machine": self.machine.as_json(), "is_met": self.is_met}

    def as_table(self) -> Table:
        """Give the report for a terminal."""
        from rich.table import Table  # noqa: PLC0415 - only who prints needs it

        title = f"Persons and companies: {self.queries:,} queries against {self.listed:,} entries, seed {self.seed}"
        table = Table("what", "measured", "wanted", title=title, caption=str(self.machine))
        table.add_row("precision", f"{self.precision:.4f}", f"{LEAST_PRECISION}")
        table.add_row("recall", f"{self.recall:.4f}", f"{LEAST_RECALL}")
        table.add_row(
            "queries per CPU-second", f"{self.queries_per_cpu_second:,.0f}", f"{LEAST_PER_CPU_SECOND:,}"
        )
        for what, shares in (
            ("recall", self.recall_by_disguise | self.recall_by_kind),
            ("flagged", self.flagged_by_stranger),
        ):
            for sort, share in shares.items():
                table.add_row(f"{what}, {sort}", f"{share:.4f}", "")
        return table


def measure(
    designations: pl.DataFrame, strangers: Sequence[Stranger], queries: int = 20_000, seed: int = 1
) -> PartiesReport:
    """Ask about listed persons and companies in disguise and about strangers, and score the answers.

    A listed party counts as found where any entry of its own or of the same party on another list (the same name and
    kind) is flagged.

    Args:
        designations: The lists.
        strangers: Persons and companies on no list.
        queries: How many to ask, half of each sort.
        seed: Of the dice.
    """
    asked = mix(designations, strangers, queries, seed)
    listed = Listed(designations)
    hold(asked.head(100), listed)
    start = time.process_time()
    found = hold(asked.drop("truth", "sort"), listed)
    spent = time.process_time() - start
    return _scored(asked, found, designations, queries / spent, seed)


def listings(designations: pl.DataFrame) -> list[Listing]:
    """Gather the listed persons and companies."""
    rows = designations.filter(
        pl.col("kind").is_in(["person", "company"]), pl.col("name").str.len_chars() > 4
    )
    names = _key(pl.concat([rows["name"], rows["aliases"].explode().drop_nulls()]))
    counts = dict(names.value_counts().iter_rows())
    return [
        Listing(row["id"], row["kind"], row["name"], tuple(alias for alias in row["aliases"] if len(alias) > 6),
                row["birth_date"], row["country"], row["registration"], counts[key] == 1)
        for row, key in zip(rows.iter_rows(named=True), _key(rows["name"]).to_list(), strict=True)
    ]  # fmt: skip


def _key(names: pl.Series) -> pl.Series:
    """Bring names to their letters in order, so that those written otherwise count as one."""
    words = names.str.replace_all(LEGAL, " ").str.to_uppercase().str.extract_all("[A-Z]{2,}")
    return words.list.sort().list.join(" ")


def mix(designations: pl.DataFrame, strangers: Sequence[Stranger], queries: int, seed: int) -> pl.DataFrame:
    """Make the queries: ``id``, the columns screening reads, and ``truth`` (an entry, or null) and ``sort``."""
    dice = random.Random(seed)
    listed = listings(designations)
    sorts = list(DISGUISES)
    rows = [_disguised(listed, sorts[i % len(sorts)], dice) for i in range(queries // 2)]
    rows += [_stranger(listed, strangers, dice) for _ in range(queries - len(rows))]
    dice.shuffle(rows)
    schema = dict.fromkeys(
        ("kind", "name", "birth_date", "country", "registration", "truth", "sort"), pl.String
    )
    return pl.DataFrame(rows, schema, orient="row").with_row_index("id").cast({"id": pl.String})


def _disguised(listed: list[Listing], sort: str, dice: random.Random) -> dict[str, str | None]:
    name = None
    while not name:
        listing = dice.choice(listed)
        name = DISGUISES[sort](listing, dice)
    birth = _birth(listing.birth, dice) if dice.random() < BIRTH_GIVEN else None
    country = listing.country if dice.random() < COUNTRY_GIVEN else None
    if country and dice.random() < OTHER_COUNTRY:
        country = dice.choice(COUNTRIES)
    number = listing.number if dice.random() < NUMBER_GIVEN else None
    return {"kind": listing.kind, "name": name, "birth_date": birth, "country": country, "registration": number,
            "truth": listing.id, "sort": sort}  # fmt: skip


def _birth(listed: str | None, dice: random.Random) -> str | None:
    """Give a listed date of birth as a questionnaire would: whole, the year only, and one in thirty a year wrong."""
    dates = re.findall(r"\d{4}(?:-\d{2}-\d{2})?", listed or "")
    if not dates:
        return None
    date: str = dice.choice(dates)
    if dice.random() < 1 / 30:
        date = f"{int(date[:4]) + dice.choice((-1, 1))}{date[4:]}"
    return date[:4] if dice.random() < 0.3 else date


def _stranger(
    listed: list[Listing], strangers: Sequence[Stranger], dice: random.Random
) -> dict[str, str | None]:
    sort = dice.random()
    kind, number = dice.choice(("person", "company")), None
    if sort < NAMESAKES:
        kind, name, birth, country, number = _namesake(listed, kind, dice)
        told = "namesake"
    elif sort < NAMESAKES + MIXED:
        name, told = _put_together(listed, kind, dice), f"{kind} put together"
        birth, country = _any_birth(dice), dice.choice(COUNTRIES)
    else:
        one = dice.choice(strangers)
        kind, name, told = one.kind, one.name, f"{one.kind} on no list"
        birth, country = one.birth, one.country
    is_namesake = told == "namesake"
    return {
        "kind": kind, "name": name,
        "birth_date": birth if kind == "person" and (is_namesake or dice.random() < BIRTH_GIVEN) else None,
        "country": country if dice.random() < COUNTRY_GIVEN else None, "registration": number,
        "truth": None, "sort": told,
    }  # fmt: skip


def _namesake(
    listed: list[Listing], kind: str, dice: random.Random
) -> tuple[str, str, str | None, str | None, str | None]:
    """Take a listed name with another date of birth, or another registration number of the same kind."""
    while True:
        one = dice.choice(listed)
        if one.kind != kind or not one.is_alone:
            continue
        years = [int(year) for year in re.findall(r"\b(?:19|20)\d{2}\b", one.birth or "")]
        if kind == "person" and years:
            birth = f"{max(years) + dice.choice((7, 11, 16))}-0{dice.randint(1, 9)}-1{dice.randint(0, 9)}"
            return kind, one.name, birth, dice.choice(COUNTRIES), None
        digits = re.search(r"\b\d{10,13}\b", one.number or "")
        if kind == "company" and digits:
            number = "".join(dice.choice("0123456789") for _ in digits.group())
            return kind, one.name, None, dice.choice(COUNTRIES), number


def _put_together(listed: list[Listing], kind: str, dice: random.Random) -> str:
    """Put a name together out of two listed ones: the given names of one and the family name of another.

    Legal forms do not count as words: another form of a listed company's name is that company in disguise.
    """
    one, other = list[str](), list[str]()
    while len(one) < 2 or len(other) < 2:
        first, second = dice.choice(listed), dice.choice(listed)
        if first.kind == second.kind == kind:
            one, other = (_telling(each) for each in (first, second))
    return " ".join(one[: max(len(one) // 2, 1)] + other[max(len(other) // 2, 1) :])


def _telling(listing: Listing) -> list[str]:
    """Give the words of a name that are no legal form."""
    words = _in_order(listing)
    return words if listing.kind == "person" else re.sub(LEGAL, " ", " ".join(words)).split()


def _any_birth(dice: random.Random) -> str:
    return f"{dice.randint(1935, 2000)}-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}"


def _scored(
    asked: pl.DataFrame, found: pl.DataFrame, designations: pl.DataFrame, speed: float, seed: int
) -> PartiesReport:
    same = designations.select(
        entity_id="id", key=pl.format("{}:{}", "kind", pl.col("name").str.to_uppercase())
    )
    hits = (
        found.filter(pl.col("tier").is_in(FLAGGED))
        .select("id", "entity_id")
        .join(same, on="entity_id")
        .unique()
    )
    truth = asked.join(same, left_on="truth", right_on="entity_id", how="left").unique(
        "id", maintain_order=True
    )
    known = truth.join(hits, on=["id", "key"], how="semi")["id"]
    listed = truth.filter(pl.col("truth").is_not_null()).with_columns(
        is_found=pl.col("id").is_in(known.implode())
    )
    strangers = truth.filter(pl.col("truth").is_null()).with_columns(
        is_flagged=pl.col("id").is_in(hits["id"].unique().implode())
    )
    right, wrong = int(listed["is_found"].sum()), int(strangers["is_flagged"].sum())
    return PartiesReport(
        seed=seed, queries=asked.height, listed=designations.height, precision=right / max(right + wrong, 1),
        recall=right / max(listed.height, 1), queries_per_cpu_second=speed,
        recall_by_disguise=dict(listed.group_by("sort").agg(pl.col("is_found").mean()).sort("sort").iter_rows()),
        recall_by_kind=dict(listed.group_by("kind").agg(pl.col("is_found").mean()).sort("kind").iter_rows()),
        flagged_by_stranger=dict(strangers.group_by("sort").agg(pl.col("is_flagged").mean()).sort("sort").iter_rows()),
        machine=this_machine(),
    )  # fmt: skip
