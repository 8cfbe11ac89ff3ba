"""What visitors can do, where they may."""
