"""Feeds: bytes to positions, identity claims, places; one file per feed."""
