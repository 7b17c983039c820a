"""The custom actions of the dialogue: each reads the tracker, asks the knowledge base, and returns blocks with one outcome."""
