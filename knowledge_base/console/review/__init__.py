"""Live beside submitted, as the assistant shows it, with what a reviewer must know."""
