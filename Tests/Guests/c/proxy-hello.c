// The fewest steps in which a guest answers a request.
#include "http.h"

EXPORT_HANDLE void handle(int32_t request, int32_t outparam) {
    (void)request;
    result_handle body, stream;
    int32_t response = outgoing_response_new(fields_new());
    outgoing_response_body(response, &body);
    response_outparam_set(outparam, 0, response, 0, 0, 0, 0, 0, 0);
    outgoing_body_write(body.ok, &stream);
    result_none written;
    output_stream_write(stream.ok, "Hello, world!\n", 14, &written);
    output_stream_drop(stream.ok);
    result_error finished;
    outgoing_body_finish(body.ok, 0, 0, &finished);
    incoming_request_drop(request);
}
