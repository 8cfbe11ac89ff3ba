"""The dashboard, in process and in a browser."""
