"""Pictures for the documentation, made of real runs."""
