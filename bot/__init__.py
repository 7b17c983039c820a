"""The channels: what carries a question from a person to the dialogue engine and the answer back."""
