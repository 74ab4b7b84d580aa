"""clearwake: who is evading sanctions at sea, on what evidence."""
