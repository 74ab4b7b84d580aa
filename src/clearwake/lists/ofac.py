"""The US Treasury's lists: specially designated nationals, and the consolidated list of other programmes.

Three forms hold the same entries: the legacy set of comma-separated files without a header (primary, ``add``,
``alt``, ``comments``, given together and told apart by their columns), one XML file, and the advanced XML file.  The
legacy files do not say when they were published; the others do, and the advanced one since when an entry is listed.

"Linked To" and a ship's owner become edges between parties: a link is a link, an owner's share is unknown.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from clearwake.lists import edges, ofac_legacy, ofac_profiles, ofac_xml
from clearwake.lists.editions import Draft
from clearwake.lists.fields import contents, is_xml
from clearwake.lists.ofac_entries import CARD
from clearwake.model import Options, Reading, Received, UnreadableFileError


def parse(files: Sequence[Received], options: Options) -> Iterator[Reading]:
    """Read one edition, or one of each part: the legacy set of files together, or either XML file.

    Raises:
        UnreadableFileError: If a file is none of these, is cut short, comes without its primary file, or holds
            what no complete edition holds.
    """
    tables, drafts = list[ofac_legacy.Table](), list[Draft]()
    for number, file in enumerate(files):
        for name, content in contents(file):
            if is_xml(content):
                drafts.append(_read_xml(name, content, Draft(CARD, "", options, files, number)))
            else:
                tables.append(ofac_legacy.table(name, content, number))
    for draft in ofac_legacy.read(tables, files, options) if tables else []:
        edges.join(draft, edges.told_by(draft.entries))
        drafts.append(draft)
    twice = [part for part, times in Counter(draft.part for draft in drafts).items() if times > 1]
    if twice:
        found = f"two editions of the part {twice[0]}"
        raise UnreadableFileError(files[-1].origin, found, CARD.title, "read one edition at a time")
    for draft in drafts:
        yield from draft.published()


def _read_xml(name: str, content: bytes, draft: Draft) -> Draft:
    if re.search(rb"<(?:\w+:)?Sanctions[\s>]", content[:4096]):
        read = ofac_profiles.read_advanced(name, content, draft)
        edges.join(read, (edge for edge in edges.told_by(read.entries) if edge.role != "linked"))
    else:
        read = ofac_xml.read(name, content, draft)
        edges.join(read, edges.told_by(read.entries))
    return read
