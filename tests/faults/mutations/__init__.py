"""Breaks the conditions in the SQL one by one, and sees which test notices."""
