"""The European Union's lists: the financial sanctions file (XML or table), and annexes of regulations as tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from clearwake.lists import eu_files, eu_journal
from clearwake.lists.cards import card
from clearwake.lists.editions import Draft
from clearwake.lists.fields import contents, is_xml
from clearwake.model import Options, Reading, Received, UnreadableFileError

CARD = card("eu")


def parse(files: Sequence[Received], options: Options) -> Iterator[Reading]:
    """Read one edition of each part: the financial sanctions file, or tables of annexes, one or more regulations.

    Raises:
        UnreadableFileError: If a file is none of these, is cut short, gives a part a second time, or holds what
            no complete edition holds.
    """
    drafts = list[Draft]()
    for number, file in enumerate(files):
        for name, content in contents(file):
            full = Draft(CARD, "full", options, files, number)
            if is_xml(content):
                drafts.append(eu_files.read_xml(name, content, full))
            elif b"Entity_" in content[:4096]:
                drafts.append(eu_files.read_table(name, content, full))
            else:
                drafts += eu_journal.read(name, content, CARD, files, options, number)
    twice = [part for part, times in Counter(draft.part for draft in drafts).items() if times > 1]
    if twice:
        found = f"two editions of the part {twice[0]}"
        raise UnreadableFileError(files[-1].origin, found, CARD.title, "read one edition at a time")
    for draft in drafts:
        yield from draft.published()
