"""The subcommands of `customs`, one module each; each offers `command`."""
