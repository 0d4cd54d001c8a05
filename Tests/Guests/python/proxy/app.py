"""Answers requests: says hello, sends back what it gets, speaks JSON, asks another server."""

import hashlib
import json
from urllib.parse import urlsplit

from componentize_py_types import Err, Ok
from wit_world import exports
from wit_world.imports import outgoing_handler
from wit_world.imports.streams import StreamError_Closed, StreamError_LastOperationFailed
from wit_world.imports.types import (
    Fields, IncomingBody, IncomingRequest, Method_Get, Method_Post, OutgoingBody, OutgoingRequest, OutgoingResponse,
    RequestOptions, ResponseOutparam, Scheme_Http, Scheme_Https, http_error_code)

TEXT = ("content-type", b"text/plain; charset=utf-8")
JSON = ("content-type", b"application/json")


class IncomingHandler(exports.IncomingHandler):
    def handle(self, request: IncomingRequest, response_out: ResponseOutparam) -> None:
        target = urlsplit(request.path_with_query() or "/")
        answer = ROUTES.get(target.path, hello)
        answer(request, response_out, target.query)


def begin(response_out, status, fields):
    """Sends the head. The body is to be finished by the caller."""
    response = OutgoingResponse(Fields.from_list(fields))
    response.set_status_code(status)
    body = response.body()
    ResponseOutparam.set(response_out, Ok(response))
    return body


def send(response_out, status, fields, content):
    body = begin(response_out, status, fields + [("content-length", str(len(content)).encode())])
    with body.write() as stream:
        write(stream, content)
    OutgoingBody.finish(body, None)


def write(stream, content):
    for start in range(0, len(content), 4096):
        stream.blocking_write_and_flush(content[start:start + 4096])


def pieces(incoming):
    """What comes of a body, until its end."""
    with incoming.stream() as source:
        while True:
            try:
                yield source.blocking_read(1 << 16)
            except Err as error:
                if isinstance(error.value, StreamError_Closed):
                    return
                raise


def splice(stream, incoming):
    """Passes a body on without looking at it."""
    with incoming.stream() as source:
        while True:
            try:
                stream.blocking_splice(source, 1 << 16)
            except Err as error:
                if isinstance(error.value, StreamError_Closed):
                    return
                raise


def trailers_of(incoming):
    future = IncomingBody.finish(incoming)
    with future.subscribe() as ready:
        ready.block()
    trailers = future.get().value.value
    return trailers.clone() if trailers else None


# The routes.


def hello(request, response_out, query):
    send(response_out, 200, [TEXT], b"Hello from Python, " + str(request.authority()).encode() + b"\n")


def echo(request, response_out, query):
    body = begin(response_out, 200, [TEXT])
    incoming = request.consume()
    with body.write() as stream:
        splice(stream, incoming)
    OutgoingBody.finish(body, trailers_of(incoming))


def copy(request, response_out, query):
    """An echo that has every byte in Python's hands."""
    body = begin(response_out, 200, [TEXT])
    incoming = request.consume()
    with body.write() as stream:
        for piece in pieces(incoming):
            write(stream, piece)
    OutgoingBody.finish(body, trailers_of(incoming))


def digest(request, response_out, query):
    total, sha = 0, hashlib.sha256()
    for piece in pieces(request.consume()):
        total += len(piece)
        sha.update(piece)
    send(response_out, 200, [TEXT], f"{total} {sha.hexdigest()}\n".encode())


def totals(request, response_out, query):
    """Sums up what the numbers of a JSON document are under their names."""
    try:
        document = json.loads(b"".join(pieces(request.consume())))
        result = {name: sum(numbers) for name, numbers in document.items()}
        result["all"] = sum(result.values())
    except (ValueError, TypeError, AttributeError) as error:
        return send(response_out, 400, [JSON], json.dumps({"error": str(error)}).encode() + b"\n")
    send(response_out, 200, [JSON], json.dumps(result, sort_keys=True).encode() + b"\n")


def fetch(request, response_out, query):
    """Asks the URL that the query is, with the request's body if it is a POST, and passes on the answer as it comes."""
    url = urlsplit(query)
    outgoing = OutgoingRequest(Fields.from_list([("x-from", b"python")]))
    outgoing.set_scheme(Scheme_Https() if url.scheme == "https" else Scheme_Http())
    sends = isinstance(request.method(), Method_Post)
    if sends:
        outgoing.set_method(Method_Post())
        sent = outgoing.body()
    options = RequestOptions()
    options.set_connect_timeout(2_000_000_000)
    try:
        outgoing.set_authority(url.netloc)
        outgoing.set_path_with_query((url.path or "/") + ("?" + url.query if url.query else ""))
        future = outgoing_handler.handle(outgoing, options)
        if sends:
            incoming = request.consume()
            with sent.write() as stream:
                splice(stream, incoming)
            OutgoingBody.finish(sent, trailers_of(incoming))
        with future.subscribe() as ready:
            ready.block()
        result = future.get().value
        if isinstance(result, Err):
            raise result
    except Err as error:
        return send(response_out, 502, [TEXT], f"{type(error.value).__name__}\n".encode())
    with result.value as response:
        fields = [(name, value) for name, value in response.headers().entries() if name.lower() != "date"]
        body = begin(response_out, response.status(), fields)
        incoming = response.consume()
        with body.write() as stream:
            splice(stream, incoming)
        OutgoingBody.finish(body, trailers_of(incoming))


def large(request, response_out, query):
    """As many bytes as the query says, without a length."""
    body = begin(response_out, 200, [TEXT])
    block, rest = bytes(range(256)) * 16, int(query)
    with body.write() as stream:
        while rest > 0:
            stream.blocking_write_and_flush(block[:rest])
            rest -= len(block)
    OutgoingBody.finish(body, None)


def fail(request, response_out, query):
    raise RuntimeError("a route that fails")


ROUTES = {
    "/echo": echo, "/copy": copy, "/digest": digest, "/totals": totals, "/fetch": fetch, "/large": large, "/fail": fail,
}
