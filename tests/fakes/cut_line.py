"""A line to PostgreSQL that is cut where a test says; it stands between driver and server."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Self

SOCKET = ".s.PGSQL.5432"
CHUNK = 65536


class CutLine:
    """Listens in one folder, carries everything to the server that listens in another.

    Attributes:
        cuts: how often it was cut.
    """

    def __init__(self, server_folder: str, own_folder: Path) -> None:
        self._server_socket = f"{server_folder}/{SOCKET}"
        self._own_socket = own_folder / SOCKET
        self._at = b""
        self._heard = False
        self._left = 0
        self.cuts = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_unix_server(self._carry, self._own_socket)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self._server.wait_closed()

    def cut_at(self, words: bytes, *, heard: bool, times: int = 1) -> None:
        """Cut a connection when the driver says these words.

        Args:
            heard: the server hears them and answers, but nobody hears the answer.
        """
        self._at, self._heard, self._left = words, heard, times

    async def _carry(
        self, from_driver: asyncio.StreamReader, to_driver: asyncio.StreamWriter
    ) -> None:
        from_server, to_server = await asyncio.open_unix_connection(self._server_socket)
        answers = asyncio.create_task(_pass_on(from_server, to_driver))
        with suppress(ConnectionError):
            while chunk := await from_driver.read(CHUNK):
                if self._left and self._at in chunk:
                    self._left -= 1
                    self.cuts += 1
                    answers.cancel()
                    await asyncio.wait([answers])
                    if self._heard:
                        to_server.write(chunk)
                        await from_server.read(CHUNK)
                    break
                to_server.write(chunk)
                await to_server.drain()
        answers.cancel()
        await asyncio.wait([answers])
        for writer in (to_server, to_driver):
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while chunk := await reader.read(CHUNK):
            writer.write(chunk)
            await writer.drain()
        writer.close()
