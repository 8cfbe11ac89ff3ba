"""The rules of the code base, and the proof that each of them bites."""
