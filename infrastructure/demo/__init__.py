"""The example business at work, and what can be counted afterwards: `python -m infrastructure.demo`."""
