"""A module that cannot be imported, as one that lacks a library."""

message = "no library for this"
raise ImportError(message)
