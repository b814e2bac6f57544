"""How often Python looks for garbage in cycles.

A pass over 10,000 lines makes some 300,000 values that all live until its end; looking through them every 700 new ones,
as Python does by itself, takes a third of the pass. What a program has loaded when it begins to work stays for good and
need not be looked at at all.
"""

import gc

NEW_VALUES = 50_000
YOUNGER_LOOKS = (20, 50)


def look_for_cycles_seldom() -> None:
    """For this process from now on. Call it once, when everything is loaded and the work begins."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_VALUES, *YOUNGER_LOOKS)
