"""Text messages. No provider comes with the service; what stands here says so."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from outbox.channels.outcomes import NotNow, Refused
from outbox.registry import Content


class NotConfigured:
    """Nothing through which a text message could leave."""

    leaves = False
    sentence = "No provider of text messages is set up, so none is sent."

    def prepare(self) -> None:
        raise Refused(self.sentence)

    def send(self, *, message_id: str, to: str, content: Content) -> str:
        raise Refused(self.sentence)


class ToFiles:
    """For the demonstration: each text message is a file beside the e-mails."""

    leaves = False
    sentence = "Text messages are written to files on this server and reach nobody."

    def prepare(self) -> None:
        try:
            self._folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise NotNow(f"The folder for text messages cannot be made ({type(error).__name__}).") from error

    def send(self, *, message_id: str, to: str, content: Content) -> str:
        whole, name = f"To: {to}\n\n{content.sms}\n", f"{message_id}.txt"
        partial = self._folder() / f".{name}"
        try:
            partial.write_text(whole, encoding="utf-8")
            partial.replace(self._folder() / name)
        except OSError as error:
            raise NotNow(f"The text message could not be written ({type(error).__name__}).") from error
        return name

    def _folder(self) -> Path:
        return Path(settings.SMS_FILE_PATH)
