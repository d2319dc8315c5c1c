"""The panels around the pictures; they do not know each other."""
