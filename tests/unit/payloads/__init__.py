"""Typed jobs to JSON and back."""
