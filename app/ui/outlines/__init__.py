"""What stands on a page, said once and drawn twice: as HTML for the first paint, as components.

An outline is a function of a `drawing.Drawing` and of texts; it never asks which of both it draws.
"""
