"""The practice workspace's mail: a server that takes everything in and sends nothing on."""

from otl.practice.mail.mailbox import Mail, Mailbox
from otl.practice.mail.server import running_mail_server

__all__ = ["Mail", "Mailbox", "running_mail_server"]
