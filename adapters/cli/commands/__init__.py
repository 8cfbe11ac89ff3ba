"""The commands: options in, words and exit codes out."""
