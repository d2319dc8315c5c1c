"""Long jobs, one per file; a task knows no other task."""
