"""``python -m clearwake`` is the command line."""

from clearwake.cli import main

if __name__ == "__main__":
    main()
