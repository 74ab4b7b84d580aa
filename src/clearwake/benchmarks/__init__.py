"""How fast, how small, how true, how hard to break: measured on the machine this runs on.

The benchmarks are part of the package so that ``clearwake truth`` and ``clearwake bench`` work wherever
clearwake is installed.  They use the desk only through its public verbs, as any user would.
"""
