"""What was promised in figures, measured against plain references in the same run."""
