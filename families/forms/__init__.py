"""The forms of the record. ``families.consent_forms`` has those that are asked on the spot."""
