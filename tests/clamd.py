"""A little server that speaks clamd's INSTREAM on this machine, well or badly as it is told."""

import contextlib
import socketserver
import struct
import threading

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SIGNATURE = "Eicar-Test-Signature"


class Clamd(socketserver.ThreadingTCPServer):
    """`manner`: honest, or the bytes to answer every scan with (None: nothing at all)."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, manner="honest", *, limit=25 << 20, pings=True):
        super().__init__(("127.0.0.1", 0), _Line)
        self.manner, self.limit, self.pings = manner, limit, pings
        self.scanned = []
        self.over = threading.Event()

    @property
    def address(self):
        return f"127.0.0.1:{self.server_address[1]}"


class _Line(socketserver.StreamRequestHandler):
    def handle(self):
        command = b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        with contextlib.suppress(OSError):
            if command == b"zPING\0":
                self._pong()
            elif command == b"zINSTREAM\0":
                self._scan()

    def _pong(self):
        if self.server.pings:
            self.wfile.write(b"PONG\0")
        else:
            self.server.over.wait()

    def _scan(self):
        data = b""
        while length := struct.unpack(">I", self.rfile.read(4))[0]:
            data += self.rfile.read(length)
            if len(data) > self.server.limit:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.scanned.append(data)
        if self.server.manner is None:
            self.server.over.wait()
        elif self.server.manner != "honest":
            self.wfile.write(self.server.manner)
        elif EICAR in data:
            self.wfile.write(f"stream: {SIGNATURE} FOUND\0".encode())
        else:
            self.wfile.write(b"stream: OK\0")


@contextlib.contextmanager
def clamd(manner="honest", **more):
    """Run such a server for a while."""
    with Clamd(manner, **more) as server:
        running = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        running.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            running.join()
