"""A small SMTP server in this event loop: every recipient is welcome, nothing goes any further."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from aiosmtpd.smtp import SMTP, Envelope, Session

from otl.practice.mail.mailbox import Mailbox

LARGEST_BYTES: Final = 1024 * 1024
TAKEN: Final = "250 OK"


@asynccontextmanager
async def running_mail_server(
    mailbox: Mailbox, *, host: str = "127.0.0.1", port: int = 0
) -> AsyncIterator[str]:
    """Take mails in and yield the server's smtp:// address; port 0 takes a free one."""
    loop = asyncio.get_running_loop()
    connections: set[asyncio.BaseTransport] = set()
    server = await loop.create_server(lambda: _Connection(mailbox, connections), host, port)
    try:
        yield f"smtp://{host}:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for connection in tuple(connections):
            connection.close()
        await server.wait_closed()


class _Taking:
    """What aiosmtpd asks about a mail."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(  # noqa: N802  # aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        content = envelope.original_content or b""
        self._mailbox.take(tuple(envelope.rcpt_tos), content)
        return TAKEN


class _Connection(SMTP):
    def __init__(self, mailbox: Mailbox, connections: set[asyncio.BaseTransport]) -> None:
        # Without a name aiosmtpd asks the resolver for one, and waits for it.
        super().__init__(
            _Taking(mailbox),
            hostname="localhost",
            ident="practice",
            enable_SMTPUTF8=True,
            data_size_limit=LARGEST_BYTES,
            loop=asyncio.get_running_loop(),
        )
        self._connections = connections

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._connections.add(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self.transport is not None:
            self._connections.discard(self.transport)
        super().connection_lost(error)
