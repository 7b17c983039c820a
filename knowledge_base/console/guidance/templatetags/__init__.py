"""Filters for the pages of every part."""
