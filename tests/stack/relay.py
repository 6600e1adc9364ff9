"""A wire between the portal and one of its servers, that can be cut and mended."""

import socket
from contextlib import suppress
from threading import Thread

from .servers import free_port


class Relay:
    """Listens on `port` and passes everything on to `target` (a port of this machine), until it is cut."""

    def __init__(self, target):
        self.target, self.port, self.server, self.open = target, free_port(), None, []
        self.mend()

    def mend(self):
        self.server = socket.create_server(("127.0.0.1", self.port))
        Thread(target=self._accept, args=(self.server,), daemon=True).start()

    def cut(self):
        """Nobody gets in, and who was in is thrown out."""
        for end in (self.server, *self.open):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self.open = []

    def _accept(self, server):
        with suppress(OSError):
            while True:
                inner, _address = server.accept()
                outer = socket.create_connection(("127.0.0.1", self.target))
                self.open += [inner, outer]
                for source, sink in ((inner, outer), (outer, inner)):
                    Thread(target=_pass_on, args=(source, sink), daemon=True).start()


def _pass_on(source, sink):
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
