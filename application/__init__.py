"""Use cases: what the application does, in terms of the domain. Standard library and domain only."""
