"""How the SQL tables of a desk came to be, one step after another; run by ``store`` when a desk is opened."""
