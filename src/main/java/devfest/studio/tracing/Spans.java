package devfest.studio.tracing;

import com.google.errorprone.annotations.MustBeClosed;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.CDI;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Records steps as spans of OpenTelemetry. Used only if {@link Trace#ON}. */
final class Spans implements Recorder {

  private static final W3CTraceContextPropagator FORM = W3CTraceContextPropagator.getInstance();

  private static final TextMapGetter<Map<String, String>> GETTER =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Map<String, String> carrier) {
          return carrier.keySet();
        }

        @Override
        public @Nullable String get(@Nullable Map<String, String> carrier, String key) {
          return carrier == null ? null : carrier.get(key);
        }
      };

  private final Tracer tracer;

  private Spans(Tracer tracer) {
    this.tracer = tracer;
  }

  /** Spans of the server's MicroProfile Telemetry. */
  static Spans ofServer() {
    Instance<Tracer> found = CDI.current().select(Tracer.class);
    return found.isResolvable() ? new Spans(found.get()) : unrecorded();
  }

  /** Passes causes on. */
  static Spans unrecorded() {
    return new Spans(TracerProvider.noop().get("studio"));
  }

  static @Nullable String current() {
    return text(Context.current());
  }

  static @Nullable String text(Context context) {
    if (!Span.fromContext(context).getSpanContext().isValid()) {
      return null;
    }
    Map<String, String> headers = new TreeMap<>();
    FORM.inject(context, headers, Map::put);
    return headers.get(Trace.HEADER);
  }

  /** The context whose step has this text; one without a step if the text is malformed. */
  static Context context(String text) {
    return FORM.extract(Context.root(), Map.of(Trace.HEADER, text), GETTER);
  }

  @Override
  @MustBeClosed
  public Step inside(String name) {
    return start(name, SpanKind.INTERNAL, Context.current(), Set.of());
  }

  @Override
  @MustBeClosed
  public Step after(Set<String> causes, String name, boolean calls) {
    SpanKind kind = calls ? SpanKind.CLIENT : SpanKind.CONSUMER;
    return causes.size() == 1
        ? start(name, kind, context(causes.iterator().next()), Set.of())
        : start(name, kind, Context.root(), causes);
  }

  @MustBeClosed
  private Step start(String name, SpanKind kind, Context parent, Set<String> linked) {
    if (linked.isEmpty() && !Span.fromContext(parent).getSpanContext().isValid()) {
      return new Traced(parent);
    }
    SpanBuilder step = tracer.spanBuilder(name).setSpanKind(kind).setParent(parent);
    for (String cause : linked) {
      step.addLink(Span.fromContext(context(cause)).getSpanContext());
    }
    return new Traced(parent.with(step.startSpan()));
  }

  /** The span of a context, which is current until it is closed. */
  private static final class Traced implements Step {

    private final Span span;
    private final Scope scope;

    @MustBeClosed
    @SuppressWarnings("MustBeClosedChecker") // closed by close()
    Traced(Context context) {
      this.span = Span.fromContext(context);
      this.scope = context.makeCurrent();
    }

    @Override
    public void with(String name, long value) {
      Span ignored = span.setAttribute(name, value);
    }

    @Override
    public void failed(@Nullable String reason) {
      Span ignored = span.setStatus(StatusCode.ERROR, reason == null ? "" : reason);
    }

    @Override
    public void close() {
      scope.close();
      span.end();
    }
  }
}
