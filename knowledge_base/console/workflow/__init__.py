"""Four eyes: nobody approves what they wrote or touched, and what is published is what was approved."""
