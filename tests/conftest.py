"""For every test: how cases are drawn where a property is tested."""

from __future__ import annotations

import importlib.util
import os

if importlib.util.find_spec("hypothesis"):  # the dialogue engine's environment is without
    from hypothesis import settings

    # The same cases for everybody, and no bound in milliseconds: a change is not to fail by what it did not touch, nor by a busy machine.
    settings.register_profile("same", deadline=None, derandomize=True)
    # New cases in each run, to look for faults: HYPOTHESIS_PROFILE=search
    settings.register_profile("search", deadline=None)
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
