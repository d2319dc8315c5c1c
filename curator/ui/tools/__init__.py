"""Tools that draw a step of a recipe on the picture itself."""
