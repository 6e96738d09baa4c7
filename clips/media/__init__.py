"""Pure functions on films: no Django, no database, no environment needed.

Whatever opens bytes that are not our own does it in `sandbox`: a child process with no network, its own
empty file system where the host allows one, limits, and allow-lists of formats and codecs.
"""
