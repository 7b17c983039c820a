"""What customs says, as staff keep it: administrations, sources, figures, entries, and the packs made of them."""
