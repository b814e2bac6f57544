"""A small Stripe on this machine: its API's answers over real HTTP, as far as cards go."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Json = dict[str, Any]
CAPTURE_BEFORE = 1_773_000_000
LATER = 4_000_000_000


class Refusal(Exception):
    """An error of the API."""

    def __init__(self, status: int, kind: str, code: str, **more: Any) -> None:
        super().__init__(code)
        self.status = status
        self.body = {"error": {"type": kind, "code": code, "message": f"Stripe says {code}.", **more}}


def _invalid(code: str) -> Refusal:
    return Refusal(400, "invalid_request_error", code)


class Stripe:
    """The account's books. `trouble` happens to the next call: a status, `drop` (it acts, then the line breaks)."""

    def __init__(self) -> None:
        self.intents: dict[str, Json] = {}
        self.refunds: list[Json] = []
        self.sessions: dict[str, Json] = {}
        self.address = ""
        self.keys: dict[str, tuple[Json, Json]] = {}
        self.trouble: str = ""
        self.calls: list[str] = []
        self.forgets_keys = False

    def answer(self, method: str, path: str, params: Json, key: str) -> Json:
        """What a call is answered with; the same under the same key. Raises Refusal."""
        asked = {"path": path, **params}
        if key in self.keys and not self.forgets_keys:
            before, said = self.keys[key]
            if before != asked:
                raise Refusal(400, "idempotency_error", "idempotency_key_reused")
            if "error" in said:
                raise Refusal(402, **said["error"])
            return said
        try:
            said = self._act(method, path, params)
        except Refusal as refusal:
            if key and refusal.status == 402:
                error = dict(refusal.body["error"])
                error.pop("message")
                self.keys[key] = (asked, {"error": {**error, "kind": error.pop("type")}})
            raise
        if key:
            self.keys[key] = (asked, said)
        return said

    def _act(self, method: str, path: str, params: Json) -> Json:
        self.calls.append(f"{method} {path}")
        if path.startswith("/v1/checkout/sessions"):
            return self._open_page(params) if method == "POST" else self._session(path.rpartition("/")[2])
        if path == "/v1/payment_intents/search":
            return self._search(params["query"])
        if path == "/v1/payment_intents":
            return self._create(params)
        if path == "/v1/refunds":
            return self._refund(params) if method == "POST" else self._refunds(params)
        _, _, _, name, *verb = path.split("/")
        if name not in self.intents:
            raise Refusal(404, "invalid_request_error", "resource_missing")
        intent = self.intents[name]
        if not verb:
            intent["metadata"].update(params.get("metadata", {}))
            return intent
        return self._cancel(intent) if verb[0] == "cancel" else self._capture(intent, params)

    def _open_page(self, params: Json) -> Json:
        if params["mode"] != "setup" or ("customer" in params) == ("customer_creation" in params):
            raise _invalid("parameter_invalid")
        name = f"cs_test_{len(self.sessions) + 1}"
        self.sessions[name] = {
            "id": name,
            "object": "checkout.session",
            "mode": "setup",
            "status": "open",
            "url": f"{self.address}/page/{name}",
            "expires_at": LATER,
            "created": CAPTURE_BEFORE,
            "currency": params["currency"],
            "customer": params.get("customer"),
            "success_url": params["success_url"],
            "cancel_url": params["cancel_url"],
            "setup_intent": None,
        }
        return self.sessions[name]

    def _session(self, name: str) -> Json:
        if name not in self.sessions:
            raise Refusal(404, "invalid_request_error", "resource_missing")
        return self.sessions[name]

    def page(self, name: str, *, is_done: bool) -> tuple[int, dict[str, str], bytes]:
        """Its own page, as far as a visitor sees it: a card to enter, and a way back."""
        visit = self.sessions[name]
        if is_done:
            self.enter(name, "pm_good")
            return 303, {"Location": visit["success_url"]}, b""
        ways = f"<a href='/page/{name}/done'>Save card</a> <a href='{visit['cancel_url']}'>Back</a>"
        head = "<!doctype html><html lang='en'><title>Stripe</title><link rel='icon' href='data:,'>"
        text = f"{head}<h1>Enter your card</h1>{ways}</html>"
        return 200, {"Content-Type": "text/html"}, text.encode()

    def enter(self, name: str, method: str) -> Json:
        """A customer enters a card on the page of a visit, and Stripe keeps it for their Customer."""
        found = self.sessions[name]
        found.update(
            status="complete",
            customer=found["customer"] or "cus_new",
            setup_intent={"id": "seti_1", "object": "setup_intent", "status": "succeeded", "payment_method": method},
        )
        return found

    def _create(self, params: Json) -> Json:
        card = params["payment_method"]
        number = len(self.intents) + 1
        if card in ("pm_poor", "pm_stolen"):
            code = {"pm_poor": "insufficient_funds", "pm_stolen": "stolen_card"}[card]
            raise Refusal(
                402, "card_error", "card_declined", decline_code=code, payment_intent={"id": f"pi_no{number}"}
            )
        amount, manual = int(params["amount"]), params["capture_method"] == "manual"
        charge = {
            "id": f"ch_{number}",
            "object": "charge",
            "amount_refunded": 0,
            "balance_transaction": None if manual else _fee(amount, params["currency"]),
            "payment_method_details": {
                "card": {
                    "brand": "visa",
                    "network": "visa",
                    "capture_before": CAPTURE_BEFORE if manual else None,
                    "multicapture": {"status": "unavailable" if card == "pm_once" else "available"},
                }
            },
        }
        self.intents[f"pi_{number}"] = intent = {
            "id": f"pi_{number}",
            "object": "payment_intent",
            "amount": amount,
            "amount_capturable": amount if manual else 0,
            "amount_received": 0 if manual else amount,
            "currency": params["currency"],
            "capture_method": params["capture_method"],
            "customer": params.get("customer"),
            "metadata": params["metadata"],
            "status": "requires_capture" if manual else "succeeded",
            "latest_charge": charge,
        }
        return intent

    def _capture(self, intent: Json, params: Json) -> Json:
        units, left = int(params["amount_to_capture"]), intent["amount_capturable"]
        if intent["status"] != "requires_capture":
            raise _invalid("payment_intent_unexpected_state")
        if units > left:
            raise _invalid("amount_too_large")
        is_final = params.get("final_capture", "true") == "true"
        if not is_final and intent["latest_charge"]["payment_method_details"]["card"]["multicapture"]["status"] != (
            "available"
        ):
            raise _invalid("parameter_unknown")
        intent["amount_received"] += units
        intent["amount_capturable"] = 0 if is_final or units == left else left - units
        intent["status"] = "requires_capture" if intent["amount_capturable"] else "succeeded"
        intent["metadata"].update(params.get("metadata", {}))
        intent["latest_charge"]["balance_transaction"] = _fee(intent["amount_received"], intent["currency"])
        return intent

    def _cancel(self, intent: Json) -> Json:
        if intent["status"] != "requires_capture":
            raise _invalid("payment_intent_unexpected_state")
        intent.update(status="canceled", amount_capturable=0)
        return intent

    def _refund(self, params: Json) -> Json:
        intent = next(one for one in self.intents.values() if one["latest_charge"]["id"] == params["charge"])
        charge, units = intent["latest_charge"], int(params["amount"])
        if charge["amount_refunded"] + units > intent["amount_received"]:
            raise _invalid("charge_already_refunded")
        charge["amount_refunded"] += units
        refund = {"id": f"re_{len(self.refunds) + 1}", "object": "refund", "status": "succeeded", "amount": units}
        self.refunds.insert(0, {**refund, "charge": params["charge"], "metadata": params["metadata"]})
        return self.refunds[0]

    def _refunds(self, params: Json) -> Json:
        found = [one for one in self.refunds if params.get("charge") in (None, one["charge"])]
        return {"object": "list", "data": found, "has_more": False, "url": "/v1/refunds"}

    def _search(self, query: str) -> Json:
        equal = re.fullmatch(r"metadata\['(.+)'\]:'(.+)'", query)
        exists = re.fullmatch(r"-metadata\['(.+)'\]:null", query)
        found = [
            one
            for one in self.intents.values()
            if (equal and one["metadata"].get(equal[1]) == equal[2]) or (exists and exists[1] in one["metadata"])
        ]
        return {"object": "search_result", "data": found, "has_more": False, "url": "/v1/payment_intents/search"}


def _fee(units: int, currency: str) -> Json:
    return {"id": "txn", "object": "balance_transaction", "fee": round(units * 0.029) + 30, "currency": currency}


def _nested(pairs: list[tuple[str, str]]) -> Json:
    """`a[b][c]=d` as dictionaries."""
    found: Json = {}
    for name, value in pairs:
        first, *inner = re.findall(r"[^\[\]]+", name)
        here = found
        for part in [first, *inner][:-1]:
            here = here.setdefault(part, {})
        here[[first, *inner][-1]] = value
    return found


def _show_page(asked: BaseHTTPRequestHandler, account: Stripe, ask_api: Callable[[], None]) -> None:
    """Answers for Stripe's own pages; the API where that is meant."""
    page = re.fullmatch(r"/page/(\w+)(/done)?", urlsplit(asked.path).path)
    if page is None:
        return ask_api()
    status, headers, body = account.page(page[1], is_done=bool(page[2]))
    asked.send_response(status)
    for header, value in {**headers, "Content-Length": str(len(body))}.items():
        asked.send_header(header, value)
    asked.end_headers()
    asked.wfile.write(body)
    return None


@contextmanager
def stripe_at_work() -> Iterator[tuple[Stripe, str]]:
    """The account and the address of its API."""
    account = Stripe()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            _show_page(self, account, lambda: self._serve(_nested(parse_qsl(urlsplit(self.path).query))))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            self._serve(_nested(parse_qsl(body, keep_blank_values=True)))

        def _serve(self, params: Json) -> None:
            trouble, account.trouble = account.trouble, ""
            if self.headers["Authorization"] != "Bearer sk_test_ours":
                return self._say(401, {"error": {"type": "invalid_request_error", "message": "Invalid API Key"}})
            if trouble.isdigit():
                kind = "rate_limit_error" if trouble == "429" else "api_error"
                return self._say(int(trouble), {"error": {"type": kind, "message": "not now"}})
            try:
                key = self.headers.get("Idempotency-Key") or ""
                said = account.answer(
                    self.command, urlsplit(self.path).path, params, key if self.command == "POST" else ""
                )
            except Refusal as refusal:
                return self._say(refusal.status, refusal.body)
            if trouble == "drop":
                self.close_connection = True
                return None
            return self._say(200, said)

        def _say(self, status: int, said: Json) -> None:
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    account.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield account, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
