"""The index: encoder, vectors, lexical part and releases."""
