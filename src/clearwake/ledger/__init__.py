"""The ledger: petroleum deliveries against the cap of the year."""
