"""The subject access pack: one person's whole record, readable and machine-readable, in one ZIP.

``gathering`` collects what every app knows of the person (``registry``) and suggests what to withhold; somebody reads
it through and decides; ``building`` writes the PDF, the JSON and the documents into the ZIP. Both run in the worker.
"""
