"""Signing consent on screen: the questions one at a time in the frame, then a name by finger, pen, mouse or keys."""

from families.signing.pages import KIND, in_frame
from families.signing.recording import sign
from families.signing.script import Asked, Script, begin, signer_of

__all__ = ["KIND", "Asked", "Script", "begin", "in_frame", "sign", "signer_of"]
