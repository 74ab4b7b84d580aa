"""Release: what an audience may have, worked out so that nothing withheld can be told from it."""
