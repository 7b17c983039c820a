"""Publishing: check, build aside, verify, evaluate, switch; and back again. docs/publishing.md is the same in words."""
