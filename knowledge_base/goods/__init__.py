"""Goods: what kinds there are, and how people call them."""
