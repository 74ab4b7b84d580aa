"""Pictures and documents: what was found, drawn and written so that it can be shown and checked."""
