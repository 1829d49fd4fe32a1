"""Serve a stand-in for the model, as strict about requests as the real one is known to be."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-ant-api03-" + "4Tq8Zr1Wm6Xc9Vb2Nk5Lp7Hd3Js0Gf8Ya4Ue6Ri" * 2 + "AA"
MODEL = "words-1"

Reply = Callable[[list[dict[str, Any]]], Any]


@dataclass(slots=True)
class Standin:
    """A stand-in for the model, as strict about requests as the real one is known to be.

    Attributes:
        reply: Makes the answer from the questions; or the answer itself, as text.
        status: The HTTP status of every answer.
        stop_reason: The reason that it gives for ending its answer.
        asked: The bodies of all requests.
        silent: Whether it waits with its answers until it is released.
    """

    reply: Reply
    status: int = 200
    stop_reason: str = "end_turn"
    asked: list[dict[str, Any]] = field(default_factory=list)
    silent: threading.Event | None = None
    broken: bool = False

    def answer(self, path: str, headers: Message, body: dict[str, Any]) -> tuple[int, Any]:
        """Return the status and the body of an answer."""
        self.asked.append(body)
        if self.silent is not None:
            self.silent.wait(30)
        if self.status != 200:
            return self.status, {"type": "error", "error": {"type": "api_error", "message": f"no, {KEY}"}}
        if (path, headers["authorization"]) != ("/v1/messages", f"Bearer {KEY}"):
            return 401, {"type": "error", "error": {"type": "authentication_error", "message": KEY}}
        if body["model"] != MODEL:
            return 404, {"type": "error", "error": {"type": "not_found_error", "message": "model"}}
        if (
            not {"model", "max_tokens", "messages"}
            <= body.keys()
            <= {
                "model",
                "max_tokens",
                "messages",
                "system",
            }
        ):
            return 400, {"type": "error", "error": {"type": "invalid_request_error", "message": "no"}}
        if self.broken:
            return 200, {"hello": "world"}
        told = self.reply(json.loads(body["messages"][0]["content"]))
        text = told if isinstance(told, str) else json.dumps(told)
        return 200, {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": MODEL,
            "content": [{"type": "text", "text": text}],
            "stop_reason": self.stop_reason,
            "stop_sequence": None,
            "usage": {"input_tokens": 1, "output_tokens": 1},
        }


@contextmanager
def served(model: Standin) -> Iterator[str]:
    """Serve it on a port until the context ends, and yield its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            status, told = model.answer(self.path, self.headers, body)
            content = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.send_header("retry-after-ms", "10")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            if model.silent is not None:
                model.silent.set()
            server.shutdown()
            thread.join()
