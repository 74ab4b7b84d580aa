"""The corridor: the order of rooms, written once.

``intake.intake`` carries bytes to facts in the store; ``advance.advance`` carries facts through tracks and detectors
to events.  Nothing is imported here: whoever reads a file needs no detectors, and whoever runs them no readers.
"""
