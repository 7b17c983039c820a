"""What was asked and what came of it, over time."""
