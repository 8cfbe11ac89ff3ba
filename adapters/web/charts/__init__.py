"""The geometry of the charts; the templates draw it."""
