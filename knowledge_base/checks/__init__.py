"""What is looked for in a pack, one subject a file. `knowledge_base.check` runs them; `meaning` needs an encoder and runs when asked."""
