"""Guidance that is not published yet, tried as if it were: a layer over the served release, what it would answer, what it would change."""
