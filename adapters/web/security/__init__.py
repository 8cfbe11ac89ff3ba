"""Who may look, who may act, and what a browser may do with a page."""
