// The tracer of a process that has no other: it continues the traces that requests belong to and tells guests of them, and
// records nothing but what the access log shows.

package import Tracing

/// A tracer that passes W3C Trace Context on.
package struct TraceContextTracer: Tracer {
    enum Key: InstrumentationContextKey {
        typealias Value = TraceParent
    }

    enum StateKey: InstrumentationContextKey {
        typealias Value = String
    }

    package init() {}

    package func startSpan<Instant: TracerInstant>(
        _ operationName: String, context: @autoclosure () -> InstrumentationContext, ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant, function: String, file fileID: String, line: UInt
    ) -> Span {
        var context = context()
        context[Key.self] = context[Key.self]?.child() ?? TraceParent()
        return Span(context: context, operationName: operationName)
    }

    package func forceFlush() {}

    package func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier, into context: inout InstrumentationContext, using extractor: Extract
    ) where Extract.Carrier == Carrier {
        guard let parent = extractor.extract(key: "traceparent", from: carrier).flatMap(TraceParent.init) else { return }
        context[Key.self] = parent
        context[StateKey.self] = extractor.extract(key: "tracestate", from: carrier)
    }

    package func inject<Carrier, Inject: Injector>(
        _ context: InstrumentationContext, into carrier: inout Carrier, using injector: Inject
    ) where Inject.Carrier == Carrier {
        guard let parent = context[Key.self] else { return }
        injector.inject(parent.text, forKey: "traceparent", into: &carrier)
        // One that came with no valid parent belongs to nothing.
        injector.inject(context[StateKey.self] ?? "", forKey: "tracestate", into: &carrier)
    }

    /// A span that is nothing but its place in the trace.
    package struct Span: Tracing.Span {
        package let context: InstrumentationContext
        private let name: String

        init(context: InstrumentationContext, operationName: String) {
            self.context = context
            name = operationName
        }

        package var operationName: String {
            get { name }
            nonmutating set {}
        }

        package var attributes: SpanAttributes {
            get { [:] }
            nonmutating set {}
        }

        package var isRecording: Bool { false }

        package func setStatus(_ status: SpanStatus) {}
        package func addEvent(_ event: SpanEvent) {}
        package func recordError<Instant: TracerInstant>(
            _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
        ) {}
        package func addLink(_ link: SpanLink) {}
        package func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {}
    }
}
