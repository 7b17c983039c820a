"""Sums over figures: traveller allowances, cash, import duty and tax. Pure functions: no search, no dialogue, no wording.

`files` says which files of a pack hold the data of the rules, `basket` what is asked about, `results` what comes out.
"""
