"""Speed and quality against named peers, one command each; docs/performance.md has the results."""
