"""Other ways to find an entry, on the same entries and questions: what people usually take."""
