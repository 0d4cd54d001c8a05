// A request as a span, for whatever tracer the process was given.

import Tracing
import WASIHTTP

/// The process's tracer, found once: asking for it takes longer than all else that a request without a trace needs.
final class ServerTracing: Sendable {
    fileprivate let tracer: any Tracer
    fileprivate let instrument: any Instrument
    /// Whether there is no tracer at all.
    fileprivate let isOff: Bool
    /// Whether it is our own, of which only the log and other processes see anything.
    fileprivate let isOwn: Bool

    init() {
        tracer = InstrumentationSystem.tracer
        instrument = InstrumentationSystem.instrument
        isOff = tracer is NoOpTracer
        isOwn = tracer is TraceContextTracer
    }
}

/// The span of one request.
final class RequestSpan {
    private let span: any Span
    private let instrument: any Instrument

    /// Nil where nobody would see it: the tracer is our own, the request belongs to no trace, and no log shows one.
    static func begin(_ head: RequestHead, _ core: ServerCore) -> RequestSpan? {
        let tracing = core.tracing
        if tracing.isOff { return nil }
        if tracing.isOwn, core.accessLog.format != .json, !head.fields.contains("traceparent") { return nil }
        return RequestSpan(head, tracing)
    }

    private init(_ head: RequestHead, _ tracing: ServerTracing) {
        let tracer = tracing.tracer
        instrument = tracing.instrument
        var context = InstrumentationContext.topLevel
        instrument.extract(head.fields, into: &context, using: FieldExtractor())
        span = tracer.startSpan(head.method.name, context: context, ofKind: .server)
        if span.isRecording {
            span.attributes["http.request.method"] = head.method.name
            span.attributes["url.path"] = String(head.path)
            span.attributes["network.protocol.version"] = String(head.version.text.dropFirst(5))
        }
    }

    /// A request's fields with the span as what causes requests to come.
    func propagated(_ fields: HTTPMessageFields) -> HTTPMessageFields {
        var fields = fields
        instrument.inject(span.context, into: &fields, using: FieldInjector())
        return fields
    }

    /// For the log; nil if another tracer keeps its own kind of name.
    var traceParent: String? { span.context[TraceContextTracer.Key.self]?.text }

    func end(status: UInt16) {
        if span.isRecording {
            span.attributes["http.response.status_code"] = Int64(status)
            if status >= 500 || status == 0 { span.setStatus(SpanStatus(code: .error)) }
        }
        span.end()
    }
}

private struct FieldExtractor: Extractor {
    func extract(key: String, from carrier: HTTPMessageFields) -> String? {
        let values = carrier.list.filter { FieldSyntax.isSame($0.name, key) }.map(\.text)
        // A list may come in pieces; of what is no list, two are none (W3C Trace Context, section 3.2).
        return key == "traceparent" && values.count > 1 ? nil : values.isEmpty ? nil : values.joined(separator: ",")
    }
}

private struct FieldInjector: Injector {
    func inject(_ value: String, forKey key: String, into carrier: inout HTTPMessageFields) {
        carrier.set(key, to: value.isEmpty ? [] : [Array(value.utf8)])
    }
}
