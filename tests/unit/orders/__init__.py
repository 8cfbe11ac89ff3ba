"""The example business, on its own and in memory."""
