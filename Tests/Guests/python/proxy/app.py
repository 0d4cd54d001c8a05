"""Answers requests: says hello, or sends back what it gets, with its trailers."""

from componentize_py_types import Err, Ok
from wit_world import exports
from wit_world.imports.streams import StreamError_Closed
from wit_world.imports.types import (
    Fields, IncomingBody, IncomingRequest, OutgoingBody, OutgoingResponse, ResponseOutparam)


class IncomingHandler(exports.IncomingHandler):
    def handle(self, request: IncomingRequest, response_out: ResponseOutparam) -> None:
        response = OutgoingResponse(Fields.from_list([("content-type", b"text/plain; charset=utf-8")]))
        body = response.body()
        ResponseOutparam.set(response_out, Ok(response))
        trailers = None
        with body.write() as stream:
            if request.path_with_query() == "/echo":
                trailers = echo(request, stream)
            else:
                stream.blocking_write_and_flush("Hello from Python, ".encode() + str(request.authority()).encode() + b"\n")
        OutgoingBody.finish(body, trailers)


def echo(request, stream):
    incoming = request.consume()
    with incoming.stream() as source:
        while True:
            try:
                stream.blocking_splice(source, 65536)
            except Err as error:
                if isinstance(error.value, StreamError_Closed):
                    break
                raise
    future = IncomingBody.finish(incoming)
    with future.subscribe() as ready:
        ready.block()
    trailers = future.get().value.value
    return trailers.clone() if trailers else None
