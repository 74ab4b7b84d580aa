"""The US Treasury's lists: specially designated nationals, and the consolidated list of other programmes.

Two forms hold the same entries: the legacy set of comma-separated files without a header (primary, ``add``,
``alt``, ``comments``, given together and told apart by their columns), and one XML file.  The legacy files do
not say when they were published; the XML does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from clearwake.lists import ofac_legacy, ofac_xml
from clearwake.lists.editions import Draft
from clearwake.lists.fields import contents, is_xml
from clearwake.lists.ofac_entries import CARD
from clearwake.model import Options, Reading, Received, UnreadableFileError


def parse(files: Sequence[Received], options: Options) -> Iterator[Reading]:
    """Read one edition, or one of each part: the legacy set of files together, or the XML file.

    Raises:
        UnreadableFileError: If a file is none of these, is cut short, comes without its primary file, or holds
            what no complete edition holds.
    """
    tables, drafts = list[ofac_legacy.Table](), list[Draft]()
    for number, file in enumerate(files):
        for name, content in contents(file):
            if is_xml(content):
                drafts.append(ofac_xml.read(name, content, Draft(CARD, "", options, files, number)))
            else:
                tables.append(ofac_legacy.table(name, content, number))
    drafts += ofac_legacy.read(tables, files, options) if tables else []
    twice = [part for part, times in Counter(draft.part for draft in drafts).items() if times > 1]
    if twice:
        found = f"two editions of the part {twice[0]}"
        raise UnreadableFileError(files[-1].origin, found, CARD.title, "read one edition at a time")
    for draft in drafts:
        yield from draft.published()
