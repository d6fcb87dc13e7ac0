"""Draws what lessons show: vectors, matrices, who looks at whom, as inline SVG and tables with words for who cannot see.

Used by the door `autograder.draw`, which shows in a notebook what is drawn here, and by the pages and checks for their
shades. It needs the standard library and NumPy alone, old ones too, so that it works wherever a notebook does, in a
browser as well. Nothing is fetched and no script is run; ink is the colour of the text around, and the other colours
are told from white and from dark ground alike, so that no theme has to be known.
"""

__all__ = [
    "admitted",
    "arrows",
    "canvas",
    "flowchart",
    "heat",
    "multiples",
    "products",
    "projections",
    "shades",
    "strips",
    "waiting",
]
