"""What each reason weighs, and where the weight comes from: one table, read by everything that ranks.

The thresholds that decide whether something is a reason are mostly published.  The weights are not: nobody
has published how much a meeting offshore says against a silence, and the labelled cases are too few to fit
any.  So they are this project's judgement, written down where they can be argued with.  They order ships;
they are no probability of anything.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import polars as pl

JUDGEMENT = "weight: this project's judgement, none is published; threshold: "

NAUTICAL_MILE_KM = 1.852

TERRITORIAL_SEA_KM = 12 * NAUTICAL_MILE_KM
"""Nearer than this to the coast counts as near it.  UNCLOS article 3: the territorial sea reaches 12 nm."""

INLAND_KM = 1.0
"""Nearer than this to the coast is a river, a lake or a shore, all of which the outline of land takes in; this
project's judgement, after the one kilometre to which distances to the coast are exact."""

FAR_KM = 50 * NAUTICAL_MILE_KM
"""Farther than this from the coast counts as far offshore.  Welch et al. 2022: 50 nm, to leave out silences
that crowded coastal reception explains."""

LOITERING_KM = 20 * NAUTICAL_MILE_KM
"""Global Fishing Watch keeps loitering from 20 nm off the coast on."""

LOITERING_H = 2.0
"""Global Fishing Watch keeps loitering from two hours on."""

DISABLING_H = 12.0
"""Welch et al. 2022: silences from 12 hours on are candidates for a disabled transmitter."""

RECEPTION_PER_DAY = 10.0
"""Welch et al. 2022: places where a ship gives more than 10 positions a day are heard well enough."""


@dataclass(frozen=True)
class Weight:
    """One kind of reason."""

    kind: str
    family: str
    """Reasons of one family are folded together: ``meeting``, ``silence``, ``drifting``, ``listing``, ``call``,
    ``identity``, ``draught``, ``voyage``, ``typology``, ``sighting``."""
    is_for: bool
    weight: float
    """The most one event can weigh.  0 for a reason against that keeps an event from being counted at all."""
    meaning: str
    origin: str


def _for(kind: str, family: str, weight: float, meaning: str, origin: str) -> Weight:
    return Weight(kind, family, is_for=True, weight=weight, meaning=meaning, origin=origin)


def _against(kind: str, family: str, weight: float, meaning: str, origin: str) -> Weight:
    return Weight(kind, family, is_for=False, weight=weight, meaning=meaning, origin=origin)


_MILLER = (
    "Global Fishing Watch (Miller et al. 2018, https://doi.org/10.3389/fmars.2018.00240): within 500 m, "
    "2 h or more, under 2 kn, 10 km or more from an anchorage"
)
_WELCH = (
    "Welch et al. 2022, https://doi.org/10.1126/sciadv.abq2109: 12 h or more, 50 nm or more from the coast, "
    "more than 10 positions a day heard there"
)

WEIGHTS = (
    _for("met_offshore", "meeting", 3.0,
           "two ships close and slow for hours, away from anchorages, beyond 12 nm",
           JUDGEMENT + _MILLER + "; half the weight at 12 nm from the coast, all of it from 50 nm"),
    _for("met_nearshore", "meeting", 0.75,
           "the same inside 12 nm, where bunkering, lightering and shelter are commoner",
           JUDGEMENT + _MILLER),
    _for("met_briefly_offshore", "meeting", 2.0,
           "two ships close and slow for 30 to 120 minutes, beyond 12 nm",
           JUDGEMENT + "Skylight publishes 30 min within 250 m; here within 500 m; "
           "half the weight at 12 nm from the coast, all of it from 50 nm"),
    _for("met_under_way", "meeting", 1.5,
           "two ships close at 2 to 7 kn beyond 12 nm that came together and parted again",
           JUDGEMENT + "this project's, after transfers made under way; "
           "half the weight at 12 nm from the coast, all of it from 50 nm"),
    _for("met_listed_ship", "meeting", 5.0,
           "a meeting outside ports with a ship that matches a designation",
           JUDGEMENT + "UN resolutions 2375 (11) and 2397 (9) name ship-to-ship transfers with such ships"),
    _for("met_possibly_listed_ship", "meeting", 2.5,
           "a meeting outside ports with a ship that may be a designated one",
           JUDGEMENT + "as above; the identity is open, so half the weight"),
    _for("silent_far_offshore", "silence", 2.0,
           "a long silence that began far from the coast where ships are heard well, and looks switched off; times the "
           "confidence in that",
           JUDGEMENT + _WELCH),
    _for("silent_perhaps", "silence", 0.5,
           "a silence beyond 12 nm that looks switched off, but is shorter than 12 h or began within 50 nm; times the "
           "confidence in that",
           JUDGEMENT + "recorded from 6 h (Global Fishing Watch); " + _WELCH),
    _for("drifted_offshore", "drifting", 0.75,
           "slow for hours far from the coast with nobody heard near: room for a meeting with a silent ship, "
           "and for waiting, breakdown or weather",
           JUDGEMENT + "Global Fishing Watch: hourly mean under 2 kn, 20 nm or more from shore, kept from 2 h; "
           "one third of the weight at 2 h, all of it from 12 h"),
    _for("perhaps_met_unseen", "meeting", 3.0,
           "could have met another ship while one of the two or both were silent; from a probability of 0.1 on, "
           "times the probability",
           JUDGEMENT + "as a meeting offshore that was seen; the probability is calibrated on planted scenes"),
    _for("listed", "listing", 6.0,
           "the ship matches a designation by an identifier that agrees",
           JUDGEMENT + "the match is screening's; a number is a claim, so it is still to be confirmed"),
    _for("reported", "listing", 4.0,
           "the ship matches one that a government reported by name",
           JUDGEMENT + "a published report is an accusation, not a listing"),
    _for("possibly_listed", "listing", 1.0,
           "the ship may be a designated or reported one: a name, call sign or MMSI is the listed one, and nothing "
           "contradicts it",
           JUDGEMENT + "2.2 % of unlisted ships share a listed ship's name"),
    _for("alike_listed", "listing", 0.1,
           "the name is only somewhat like a listed one, or another identifier contradicts it",
           JUDGEMENT + "among thousands of ships some short names are always alike"),
    _for("identity_conflict", "listing", 2.0,
           "one identifier is a designated ship's and another contradicts it",
           JUDGEMENT + "a fault in typing, or a borrowed identity"),
    _for("called_dprk", "call", 3.0,
           "a call at a port of the Democratic People's Republic of Korea",
           JUDGEMENT + "US Executive Order 13810, section 2, looks back 180 days from such a call"),
    _for("false_position", "falsification", 2.5,
           "positions that cannot be true: a jump, a stay on land, circles; half of it for a copy, as it is not "
           "known which of the two it is, and beyond a horizon; a quarter for motion too perfect, a tenth for "
           "a wrong speed",
           JUDGEMENT + "50 kn between reports, the field's threshold; the rest this project's"),
    _for("laundered_identity", "identity", 4.0,
           "may sail under another ship's number: a hull that carried another before, or a number whose ship a "
           "register says is scrapped or lost; from a score of 0.5 on, times the score",
           JUDGEMENT + "this project's; at least 11 such ships were published in 2021, and registers err"),
    _for("flag_denied", "identity", 3.0,
           "shows a flag that its register says is not its own",
           JUDGEMENT + "the denial is the register's, as given by the user"),
    _for("imo_in_two_places", "identity", 2.0,
           "an IMO number claimed by two ships farther apart than one can sail; a quarter of it where the MMSI is on "
           "several hulls",
           JUDGEMENT + "50 kn, the field's threshold for an impossible speed; one of the two is right"),
    _for("identity_changed_at_sea", "identity", 1.5,
           "name, call sign, MMSI or flag changed more than 10 km from ports and anchorages; half of it without an "
           "hour's silence",
           JUDGEMENT + "the US advisory of 14 May 2020 names altered identification; it gives no number"),
    _for("flag_hopping", "identity", 1.5,
           "three flags or more in 24 months",
           JUDGEMENT + "the US advisory of 14 May 2020 names flag hopping; it gives no number"),
    _for("imo_contradicted", "identity", 1.0,
           "a register has another length for its IMO number; half of it for another type, a quarter where registers "
           "differ in the year of build",
           JUDGEMENT + "this project's: 10 m and 10 %, two years"),
    _for("identity_changed", "identity", 0.3,
           "name, call sign, MMSI or flag changed in or near port, or nobody knows where: most are sales",
           JUDGEMENT + "as at sea"),
    _for("flag_mismatch", "identity", 0.25,
           "the MMSI's first three digits are another state's than the flag claimed or registered",
           JUDGEMENT + "ITU-R M.585-9; evidence of a flag, not proof"),
    _for("met_dprk_flag", "meeting", 5.0,
           "a meeting at sea, away from ports, with a ship numbered under the flag of the DPRK",
           JUDGEMENT + "UN resolution 2375, paragraph 11, names transfers to or from such ships"),
    _for("met_dprk_caller", "meeting", 4.0,
           "a meeting at sea, away from ports, with a ship that called in the DPRK in the 180 days before",
           JUDGEMENT + "US Executive Order 13810, section 2: 180 days"),
    _for("dprk_call_memory", "call", 1.5,
           "a call elsewhere within 180 days of one in the DPRK; times its score, which is higher in the United States",
           JUDGEMENT + "US Executive Order 13810, section 2: 180 days"),
    _for("dprk_meeting_memory", "call", 1.0,
           "a call within 180 days of a meeting at sea with a ship that has to do with the DPRK; times its score",
           JUDGEMENT + "US Executive Order 13810, section 2: 180 days"),
    _for("draught_agrees", "draught", 2.0,
           "of two ships that met at sea one lay deeper afterwards and the other less deep; times its probability",
           JUDGEMENT + "a change of 0.3 m or more; sizes within a factor of three"),
    _for("draught_at_sea", "draught", 1.0,
           "lay deeper or less deep after a meeting, a silence or drifting at sea; times its probability",
           JUDGEMENT + "a change of 0.3 m or more, since ships send and round tenths of a metre"),
    _for("false_destination", "voyage", 2.5,
           "left port for a declared destination, met ships at sea and never came there; times its score",
           JUDGEMENT + "the US advisory of 14 May 2020 names voyage irregularities; it gives no number"),
    _for("heading_away", "voyage", 0.75,
           "sailed away from its declared destination; times its score",
           JUDGEMENT + "this project's: 100 km farther, by sea too"),
    _for("detour", "voyage", 0.75,
           "sailed far more than the way by sea between two calls, or came back without another; times its score",
           JUDGEMENT + "this project's: half as much again and 200 km"),
    _for("called_elsewhere", "voyage", 0.4,
           "called at another port than the one it declared; times its score",
           JUDGEMENT + "the US advisory of 14 May 2020 names voyage irregularities; orders change daily"),
    _for("never_called", "voyage", 0.3,
           "gave up its declared destination, or did not come there in time; times its score",
           JUDGEMENT + "as called_elsewhere"),
    _for("port_skipped", "voyage", 0.2,
           "passed over one declared port for the next; times its score",
           JUDGEMENT + "as called_elsewhere"),
    _for("typology_shown", "typology", 3.0,
           "all elements of a published method of evasion are shown; times the probability of its events",
           JUDGEMENT + "the methods are published; see the typology's own sources"),
    _for("typology_partial", "typology", 0.5,
           "some elements of a published method are shown and others are not: partial is not found",
           JUDGEMENT + "times the share that is shown and the probability of its events"),
    _against("draught_disagrees", "draught", 0.25,
           "both ships of a meeting changed their draught the same way; taken off the meeting",
           JUDGEMENT + "this project's: draught is typed by hand, so a weak sign"),
    _against("service_ship", "", 1.5,
           "by its own account one that meets or accompanies ships for a living: tug, tow, pilot, rescue, "
           "tender, dredger, law enforcement, medical; taken off each meeting and drift it is part of",
           JUDGEMENT + "ITU-R M.1371-5 table 53, ship types 31-35, 50-55, 58"),
    _against("fishing_together", "meeting", 1.5,
           "both ships say they fish; fishing ships work beside each other",
           JUDGEMENT + "ITU-R M.1371-5 table 53, ship type 30"),
    _against("met_in_port", "meeting", 0.0,
           "close to others in or near a port or anchorage: neighbours; such a meeting is not counted",
           JUDGEMENT + "Global Fishing Watch leaves out what lies within 10 km of an anchorage"),
    _against("kept_company", "meeting", 0.0,
           "two ships that neither came together nor parted: a tow, a convoy, a pair trawl; not counted",
           JUDGEMENT + "this project's: under 3 km apart an hour before and an hour after, as far as "
           "heard; under way, unless heard over 3 km apart both before and after"),
    _against("met_near_coast", "meeting", 0.0,
           "a short meeting, or one under way, inside 12 nm: pilots, tugs, traffic; any within 1 km: rivers, lakes, "
        "berths; not counted",
           JUDGEMENT + "UNCLOS article 3 for the 12 nm"),
    _against("passed_service_ship", "meeting", 0.0,
           "a short meeting, or one under way, within 50 nm of the coast with a ship that says it is a pilot, tug or "
           "the like; or one under way of two ships that say they fish; not counted",
           JUDGEMENT + "ITU-R M.1371-5 table 53, ship types 30-35, 50-55, 58"),
    _for("sighted_transfer", "sighting", 4.0,
         "people saw it alongside another, with hoses, fenders or cranes; times what the grades of source and content "
         "leave, and less where no marks were read",
         JUDGEMENT + "the Admiralty code (AJP-2.1) grades; what each grade leaves is this project's"),
    _for("sighted_disguised", "sighting", 2.5,
         "people saw its name painted over or false, no flag, or lights or AIS off; times what the grades leave",
         JUDGEMENT + "the US advisory of 14 May 2020 names altered identification; grades as above"),
    _for("sighted_elsewhere", "sighting", 1.5,
         "its marks were read where its AIS was not: either is another ship's; times what the grades leave",
         JUDGEMENT + "beyond three standard deviations of the sighting and the track"),
    _for("beside_dark_hull", "meeting", 2.5,
         "lay within a length of a hull without AIS in one image, away from ports, where AIS was heard; a quarter "
         "where that hull is shorter than 30 m",
         JUDGEMENT + "this project's: a length of the longer hull and 30 m; 10 km from ports (Global Fishing Watch)"),
    _for("beside_in_image", "meeting", 1.0,
         "lay within a length of another ship in one image, away from ports",
         JUDGEMENT + "as above"),
    _against("sighting_doubted", "sighting", 0.0,
           "the sighting's source or content is graded 4 or 5, D or E; already taken off it",
           JUDGEMENT + "the Admiralty code (AJP-2.1)"),
    _against("beside_small_craft", "meeting", 0.0,
           "the hull beside it was shorter than 30 m: barge, launch or tug; already taken off it",
           JUDGEMENT + "this project's"),
    _against("seen_where_heard", "sighting", 0.0,
           "images found it where its AIS said it was; speaks against false positions, not counted",
           JUDGEMENT + "matches surer than 0.8"),
    _against("unseen_rivals", "meeting", 0.0,
           "other ships could equally have been met; already taken off the probability",
           JUDGEMENT + "this project's"),
    _against("silent_at_berth", "silence", 0.0,
           "silent while lying in a port or anchorage; not counted",
           JUDGEMENT + "silences at berth are normal: median 2.1 h moored"),
    _against("silent_near_coast", "silence", 0.0,
           "a silence that began within 12 nm of the coast; not counted",
           JUDGEMENT + "UNCLOS article 3 for the 12 nm"),
    _against("silent_unexplained", "silence", 0.0,
           "a silence whose cause cannot be told from what was heard; not counted",
           JUDGEMENT + "this project's: docs/reception.md"),
    _against("feed_outage", "silence", 0.0,
           "the feed or the region's receivers were not heard: the ships around fell silent too; not counted",
           JUDGEMENT + "of 352 tankers silent over 8 h in the Gulf in a month about 5 % were judged dark"),
    _against("poor_reception", "silence", 0.0,
           "a silence where ships are heard too rarely to tell; not counted",
           JUDGEMENT + _WELCH),
    _against("drifted_near_coast", "drifting", 0.0,
           "slow near the coast, a port or an anchorage: waiting; not counted",
           JUDGEMENT + "Global Fishing Watch: 20 nm from shore"),
    _against("false_position_explained", "falsification", 0.0,
           "a false position that interference with many ships at once, or the feed, explains; not counted",
           JUDGEMENT + "this project's: eight ships and half of those heard there, or twenty and a quarter"),
    _against("namesake", "listing", 0.0,
           "shares a name with a designated ship, and another identifier differs: another ship; not counted",
           JUDGEMENT + "a valid, different IMO number is a namesake, never a match"),
    _against("shared_number", "identity", 0.0,
           "its MMSI is on several hulls at once, often a default number: what is told under it may be another ship's; "
           "accuses nobody",
           JUDGEMENT + "this project's: two hulls heard ten times each over one stretch, or names said by turns"),
    _against("respelled", "identity", 0.0,
           "a name or call sign that changed by one letter: typing; not counted",
           JUDGEMENT + "this project's: one letter changed, left out, put in or swapped"),
    _against("imo_mistyped", "identity", 0.0,
           "an IMO number that fails its check digit: mostly a slip, or a national number; not counted",
           JUDGEMENT + "IMO resolution A.1117(30)"),
    _against("laundered_doubt", "identity", 0.0,
           "what speaks against a laundered identity; already taken off its score",
           JUDGEMENT + "this project's"),
)  # fmt: skip
"""Every kind of reason there is."""

BY_KIND = {weight.kind: weight for weight in WEIGHTS}


def weights() -> pl.DataFrame:
    """Give the table of weights: one row per kind of reason, with its origin."""
    return pl.DataFrame([dataclasses.asdict(weight) for weight in WEIGHTS])
