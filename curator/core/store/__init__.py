"""The project's database: the only package that holds SQL."""
