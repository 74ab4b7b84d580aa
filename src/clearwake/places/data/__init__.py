"""The built-in data files; ``scripts/compile_places.py`` makes them, ``docs/places.md`` says from what."""

from importlib.resources import files

FOLDER = files(__name__)
