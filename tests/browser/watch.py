"""Watches a page for what no reader sees: failed requests, requests to elsewhere.

With this module one can: watch a page from its first request on (`Watch`) and read the
list of its `troubles`, a sentence each. Requests that would leave the machine, or write
a notebook, are stopped and listed.
"""

import re

HERE = re.compile(r"^(?:https?|wss?)://(?:127\.0\.0\.1|localhost)[:/]|^(?:data|blob):")
WRITES = {"PUT", "PATCH", "POST", "DELETE"}


class Watch:
    """The troubles of one Playwright page, from now until `stop`."""

    def __init__(self, page):
        self.troubles = []
        self.page = page
        page.route(lambda url: not HERE.match(url), self._refuse_elsewhere)
        page.route(
            re.compile(r"/api/contents/(?!.*/checkpoints\b)"), self._refuse_writing
        )
        self.listeners = {
            "console": self._on_console,
            "pageerror": self._on_error,
            "requestfailed": self._on_failed,
            "response": self._on_response,
            "websocket": self._on_websocket,
        }
        for event, listener in self.listeners.items():
            page.on(event, listener)

    def stop(self):
        """Look no more: closing a page breaks off what it was loading."""
        for event, listener in self.listeners.items():
            self.page.remove_listener(event, listener)

    def _refuse_elsewhere(self, route):
        self.troubles.append(f"a request leaves the machine: {route.request.url}")
        route.abort()

    def _refuse_writing(self, route):
        if route.request.method in WRITES:
            self.troubles.append(f"a notebook is being saved: {route.request.url}")
            route.abort()
        else:
            route.continue_()

    def _on_console(self, message):
        if message.type == "error":
            self.troubles.append(f"the console says: {message.text}")

    def _on_error(self, error):
        self.troubles.append(f"a script raised: {error}")

    def _on_failed(self, request):
        if request.failure != "net::ERR_ABORTED" and HERE.match(request.url):
            self.troubles.append(f"{request.failure}: {request.method} {request.url}")

    def _on_response(self, response):
        if response.status >= 400:
            self.troubles.append(f"status {response.status}: {response.url}")

    def _on_websocket(self, socket):
        if not HERE.match(socket.url):
            self.troubles.append(f"a socket leaves the machine: {socket.url}")
