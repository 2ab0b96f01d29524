"""A company's proxy as a shell may have one set: alive, and noting what it was asked for."""

import socket
import socketserver
import threading


class Recorder:
    """A CONNECT proxy on loopback.

    Args:
        target: ``(host, port)`` to which every tunnel leads; without one every CONNECT is refused with 403.
        credentials: what ``Proxy-Authorization`` has to say, as it stands in the header.

    Attributes:
        asked: the targets of all CONNECT requests, in order.
        heads: the heads of all requests, in order.
    """

    def __init__(self, target=None, credentials=None):
        self.asked = []
        self.heads = []
        self._target = target
        self._credentials = credentials
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def address(self):
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self):
        return f"http://{self.address}"

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self):
        recorder = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                head = b""
                while not head.endswith(b"\r\n\r\n"):
                    line = self.rfile.readline(8192)
                    if not line:
                        return
                    head += line
                recorder._answer(self, head.decode("latin-1"))

        return Handler

    def _answer(self, handler, head):
        self.heads.append(head)
        self.asked.append(head.split(" ")[1])
        if self._credentials and f"Proxy-Authorization: {self._credentials}\r\n" not in head:
            handler.wfile.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        elif self._target is None:
            handler.wfile.write(b"HTTP/1.1 403 Forbidden by the company\r\nContent-Length: 0\r\n\r\n")
        else:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            self._tunnel(handler)

    def _tunnel(self, handler):
        with socket.create_connection(self._target) as far:
            back = threading.Thread(target=_pump, args=(far.recv, handler.connection))
            back.start()
            _pump(handler.rfile.read1, far)
            back.join()


def _pump(read, to):
    try:
        while chunk := read(65536):
            to.sendall(chunk)
        to.shutdown(socket.SHUT_WR)
    except OSError:
        pass
