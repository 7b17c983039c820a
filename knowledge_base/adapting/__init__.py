"""Teaching the built-in encoder on the packs' questions: for developers, by hand, not part of a build."""
