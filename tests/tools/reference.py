"""For programs that compare stsfit with packages that this machine may lack.

    from reference import imports
    with imports():
        import numpy

Where that fails, the case of tests/cli is skipped.
"""
import contextlib
import sys


@contextlib.contextmanager
def imports():
    try:
        yield
    except ImportError as missing:
        with open("skipped", "w") as f:
            f.write("%s: %s\n" % (sys.executable, missing))
        sys.exit()
