"""Two records that are one: which fields differ, what points where, and the way back."""
