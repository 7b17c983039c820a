"""Names of places as data, and the code that reads them: `names.tsv` is made by `build.py`, the rest is written by hand."""
