"""The programs that are measured, each a process of its own. They need nothing of this package but each other."""
