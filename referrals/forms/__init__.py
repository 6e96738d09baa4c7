"""Forms beside the questions: talk to us first, an address to come back by."""
