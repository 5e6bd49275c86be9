"""A mail server (aiosmtpd) that takes what it is given, and goes wrong where a test says so."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, Final

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from booking_web.mail.smtp import Security, SmtpServer

LOOPBACK: Final = "127.0.0.1"
OK: Final = "250 OK"


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail that the server took, whether or not it said so."""

    sender: str
    recipient: str
    content: bytes

    @property
    def message(self) -> EmailMessage:
        found = message_from_bytes(self.content, policy=default)
        assert isinstance(found, EmailMessage)
        return found

    @property
    def id(self) -> str:
        return str(self.message["Message-ID"])


@dataclass(slots=True)
class Fault:
    """What goes wrong, at which command.

    Attributes:
        command: "MAIL", "RCPT", "DATA" (once it has all), "354" (before it has any).
        answer: said in place of OK; "": the connection is cut without a word.
        takes: the mail is taken all the same.
        seconds, until: it says so only then.
        times: how often; None: always.
        recipient: only for this one; "": for everybody.
    """

    command: str
    answer: str = ""
    takes: bool = False
    seconds: float = 0.0
    until: asyncio.Event | None = None
    times: int | None = 1
    recipient: str = ""


@dataclass(slots=True)
class MailServer:
    """Runs in this event loop, and may be stopped and started again on its port."""

    user: str | None = None
    password: str = ""
    tls: ssl.SSLContext | None = None
    is_implicit: bool = False
    takes_utf8: bool = False
    greeting: str = ""
    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    asked: int = 0
    _connections: set["_Connection"] = field(default_factory=set)
    _server: asyncio.Server | None = None

    @property
    def address(self) -> SmtpServer:
        """Return where it is, for the program."""
        security = Security.NONE
        if self.tls is not None:
            security = Security.TLS if self.is_implicit else Security.STARTTLS
        password = self.password if self.user else None
        return SmtpServer(LOOPBACK, self.port, security, self.user, password)

    @property
    def url(self) -> str:
        return f"smtp://{LOOPBACK}:{self.port}"

    def fault(self, command: str, answer: str = "", **more: Any) -> None:
        """Have something go wrong, see `Fault`."""
        self.faults.append(Fault(command, answer, **more))

    def ids_to(self, recipient: str) -> list[str]:
        """Return the Message-IDs of what somebody was sent, one for each time."""
        return [one.id for one in self.taken if one.recipient == recipient]

    async def start(self) -> None:
        """Listen, on the same port as before."""
        self._server = await asyncio.get_running_loop().create_server(
            lambda: _Connection(self),
            LOOPBACK,
            self.port,
            ssl=self.tls if self.is_implicit else None,
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Go down: whoever connects is refused."""
        assert self._server is not None
        self._server.close()
        for connection in tuple(self._connections):
            connection.cut()
        await self._server.wait_closed()

    def find_fault(self, command: str, recipient: str) -> Fault | None:
        """Return what goes wrong now, and count it."""
        for fault in self.faults:
            if fault.command == command and fault.recipient in {"", recipient}:
                if fault.times is not None:
                    fault.times -= 1
                    if not fault.times:
                        self.faults.remove(fault)
                return replace(fault)
        return None


@asynccontextmanager
async def running_mail_server(**settings: Any) -> AsyncIterator[MailServer]:
    """Run a mail server; settings: see `MailServer`."""
    server = MailServer(**settings)
    async with serving(server):
        yield server


@asynccontextmanager
async def serving(server: MailServer) -> AsyncIterator[None]:
    """Run a mail server that was made before."""
    await server.start()
    try:
        yield
    finally:
        await server.stop()


def a_port_where_nobody_listens() -> int:
    """Return a free port."""
    with closing(socket.socket()) as taken:
        taken.bind((LOOPBACK, 0))
        return int(taken.getsockname()[1])


class _Handler:
    """What aiosmtpd asks at each command."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def handle_MAIL(  # noqa: N802  # aiosmtpd's name
        self, smtp: "_Connection", _: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self._server.asked += 1
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return await self._answer("MAIL", smtp, "")

    async def handle_RCPT(  # noqa: N802
        self, smtp: "_Connection", _: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del options
        answer = await self._answer("RCPT", smtp, address)
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802
        self, smtp: "_Connection", _: Session, envelope: Envelope
    ) -> str:
        (recipient,) = envelope.rcpt_tos
        content = envelope.original_content or b""
        taken = Taken(envelope.mail_from or "", recipient, content)
        fault = self._server.find_fault("DATA", recipient)
        if fault is None or fault.takes:
            self._server.taken.append(taken)
        return OK if fault is None else await _carry_out(fault, smtp)

    async def _answer(self, command: str, smtp: "_Connection", recipient: str) -> str:
        fault = self._server.find_fault(command, recipient)
        return OK if fault is None else await _carry_out(fault, smtp)


async def _carry_out(fault: Fault, smtp: "_Connection") -> str:
    if fault.seconds:
        await asyncio.sleep(fault.seconds)
    if fault.until is not None:
        await fault.until.wait()
    if not fault.answer:
        smtp.cut()
    return fault.answer or OK


class _Connection(SMTP):
    def __init__(self, server: MailServer) -> None:
        needs_login = server.user is not None
        super().__init__(
            _Handler(server),
            hostname="localhost",
            ident="fake",
            enable_SMTPUTF8=server.takes_utf8,
            tls_context=None if server.is_implicit else server.tls,
            auth_required=False,
            auth_require_tls=False,
            authenticator=self._log_in if needs_login else None,
            auth_exclude_mechanism=None if needs_login else ["LOGIN", "PLAIN"],
            loop=asyncio.get_running_loop(),
        )
        self._fake = server

    def _log_in(self, _1: Any, _2: Any, _3: Any, _4: str, auth: Any) -> AuthResult:
        assert isinstance(auth, LoginPassword)
        expected = LoginPassword((self._fake.user or "").encode(), self._fake.password.encode())
        return AuthResult(success=auth == expected, handled=False)

    def connection_made(self, transport: Any) -> None:
        self._fake._connections.add(self)  # its own server's
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._fake._connections.discard(self)
        super().connection_lost(error)

    def cut(self) -> None:
        """Reset the connection."""
        if self.transport is not None:
            self.transport.abort()

    async def push(self, status: Any) -> None:
        """Say something, unless another greeting or a cut before the message was asked for."""
        text = status.decode() if isinstance(status, bytes) else str(status)
        if text.startswith("220") and self._fake.greeting and "Ready to start TLS" not in text:
            text = self._fake.greeting
        if text.startswith("354") and self._fake.find_fault("354", "") is not None:
            await super().push(status)
            self.cut()  # of the message itself nothing is read
            return
        await super().push(text)
