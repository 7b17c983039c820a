"""Questions that got no answer, grouped by meaning, with what staff did about them."""
