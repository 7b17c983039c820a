"""What every part of Green Channel shares: settings, wording, blocks, the command line and the set-up."""
