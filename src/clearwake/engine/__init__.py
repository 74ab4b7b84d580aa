"""Where steps run: embedded in this process; the same steps will run on many machines."""
