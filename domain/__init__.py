"""The language of the business, and of the queue. Standard library only; knows nobody."""
