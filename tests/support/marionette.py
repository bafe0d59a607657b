"""Lets Selenium speak with Firefox itself, through Marionette, the remote protocol that every Firefox has built in."""

import json
import socket
from typing import Any

WEBDRIVER = {
    "newSession": "NewSession",
    "get": "Navigate",
    "getTitle": "GetTitle",
    "getCurrentUrl": "GetCurrentURL",
    "getPageSource": "GetPageSource",
    "goBack": "Back",
    "goForward": "Forward",
    "refresh": "Refresh",
    "getCookies": "GetCookies",
    "findElement": "FindElement",
    "findElements": "FindElements",
    "clickElement": "ElementClick",
    "clearElement": "ElementClear",
    "sendKeysToElement": "ElementSendKeys",
    "getElementText": "GetElementText",
    "getElementProperty": "GetElementProperty",
    "isElementSelected": "IsElementSelected",
    "getElementRect": "GetElementRect",
    "w3cGetActiveElement": "GetActiveElement",
    "actions": "PerformActions",
    "clearActionState": "ReleaseActions",
    "w3cExecuteScript": "ExecuteScript",
    "w3cGetAlertText": "GetAlertText",
    "w3cAcceptAlert": "AcceptAlert",
    "w3cDismissAlert": "DismissAlert",
    "quit": "DeleteSession",
}
"""What Marionette calls the commands of WebDriver, by their names in Selenium."""

COMMAND, ERROR = 0, 500


class Marionette:
    """A connection with a Firefox that listens, which Selenium takes for that with a driver.

    A message either way is its length in bytes, a colon, and JSON: [0, id, name, parameters] there, and
    [1, id, error or null, result] back.
    """

    def __init__(self, port: int) -> None:
        """Raises ConnectionError where nobody listens."""
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._replies = self._socket.makefile("rb")
        self._asked = 0
        self._receive()  # it introduces itself

    def execute(self, command: str, params: dict[str, Any]) -> dict[str, Any]:
        """The reply to a command, in the shape in which a driver would have given it."""
        asked = {name: value for name, value in params.items() if name != "sessionId"}
        self._asked += 1
        self._send([COMMAND, self._asked, f"WebDriver:{WEBDRIVER[command]}", asked])
        _, answered, error, result = self._receive()
        assert answered == self._asked
        if error:
            return {"status": ERROR, "value": json.dumps({"value": error})}
        return result if isinstance(result, dict) and "value" in result else {"value": result}

    def close(self) -> None:
        """Hang up."""
        self._replies.close()
        self._socket.close()

    def _send(self, message: list[Any]) -> None:
        text = json.dumps(message).encode()
        self._socket.sendall(b"%d:%s" % (len(text), text))

    def _receive(self) -> Any:
        length = b""
        while (character := self._replies.read(1)) != b":":
            assert character, "Firefox hung up"
            length += character
        return json.loads(self._replies.read(int(length)))
