"""What customs says, and how it is found: packs, figures and rules, the index and the search."""
