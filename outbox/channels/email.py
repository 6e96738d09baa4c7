"""E-mail, by whatever backend Django is given."""

from __future__ import annotations

import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from outbox.channels.outcomes import NotNow, Refused, Unsure
from outbox.registry import Content

# What a backend does with a message when it is not a mail server's.
_NOWHERE = {
    "filebased": "E-mail is written to files on this server and reaches nobody.",
    "console": "E-mail is written to the log and reaches nobody.",
    "locmem": "E-mail is kept in memory and reaches nobody.",
    "dummy": "E-mail is thrown away and reaches nobody.",
}
# RFC 5321, 4.2.1: 4yz is "not now", 5yz "never".
_PERMANENT = 500


class Email:
    """One message on a connection of its own: a server that dies takes no other message with it."""

    def __init__(self) -> None:
        self._backend = settings.EMAIL_BACKEND.rsplit(".", 2)[-2]
        self._connection = get_connection()

    @property
    def leaves(self) -> bool:
        return self._backend not in _NOWHERE

    @property
    def sentence(self) -> str:
        return _NOWHERE.get(self._backend, "")

    def prepare(self) -> None:
        try:
            self._connection.open()
        except (smtplib.SMTPException, OSError) as error:
            raise NotNow(f"The mail server cannot be reached ({type(error).__name__}).") from error

    def send(self, *, message_id: str, to: str, content: Content) -> str:
        host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
        # The same name at every try, so that mail systems on the way can tell a repetition by themselves.
        name = f"<{message_id}@{host}>"
        email = EmailMessage(
            content.subject,
            content.body,
            parseaddr(settings.DEFAULT_FROM_EMAIL)[1] if content.discreet else settings.DEFAULT_FROM_EMAIL,
            [to],
            headers={"Message-ID": name, "Auto-Submitted": "auto-generated"},
            connection=self._connection,
        )
        try:
            taken = email.send()
        except smtplib.SMTPRecipientsRefused as error:
            code = max((code for code, _ in error.recipients.values()), default=_PERMANENT)
            raise _refusal(code, "this address") from error
        except smtplib.SMTPResponseException as error:  # an answer to the sender, to the data, to the greeting
            raise _refusal(error.smtp_code, "this message") from error
        except (smtplib.SMTPException, OSError) as error:
            raise Unsure(f"The mail server broke off before it answered ({type(error).__name__}).") from error
        finally:
            self._close()
        if not taken:
            raise NotNow("The mail server did not take it.")
        return name

    def _close(self) -> None:
        """End politely. Whether the server hears it changes nothing about what it has taken."""
        try:
            self._connection.close()
        except (smtplib.SMTPException, OSError):
            return


def _refusal(code: int, what: str) -> NotNow | Refused:
    said = f"The mail server does not take {what} (code {code})."
    return Refused(said) if code >= _PERMANENT else NotNow(said)
