"""Tests of the actions: tracker in, events and reply out."""
