"""Sums in conversation: a Rasa form for each, what it asks, how it reads an answer, how it tells its result."""
