"""Sharing: what each nation gave and announced, and what has to be taken back where."""

from __future__ import annotations

from dataclasses import dataclass

from clearwake.model.record import Count, Flag, Text, Texts, Time


@dataclass(frozen=True)
class Contribution:
    """What one nation put into the cases this desk knows."""

    nation: Text
    cases: Count
    items: Count
    """Pieces of evidence it is the originator of, those taken out again not counted."""
    sightings: Count
    photographs: Count
    decisions: Count
    confirmations: Count
    first_at: Time
    last_at: Time


@dataclass(frozen=True)
class Announcement:
    """Something a nation made known: a publication, a listing, a detention, or that it takes one back."""

    nation: Text
    at: Time
    act: Text
    """``publish``, ``propose``, ``list``, ``remove``, ``detain``, ``release``, ``retract``, ``reply``."""
    case: Text
    title: Text
    ships: Texts
    why: Text
    is_standing: Flag
    """Whether the case still says so."""


@dataclass(frozen=True)
class Retraction:
    """One place where something that was taken back was used, and whom to tell."""

    taken_back: Text
    """The item or decision, or the case where all of it was retracted."""
    at: Time
    """When it was taken back."""
    by: Text
    why: Text
    case: Text
    """Where it was used."""
    what: Text
    """``case``, ``release``, ``dossier``, ``bundle``, ``exchange``, ``list entry`` or another word for a copy."""
    used_by: Text
    """The decision that used it or recorded the copy."""
    used_at: Time
    to: Texts
    """Who has it."""
    sha256: Text | None
    """Of the copy."""
    tell: Text
    """What to do, in a sentence."""
