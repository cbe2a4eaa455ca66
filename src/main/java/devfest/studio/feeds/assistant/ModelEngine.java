package devfest.studio.feeds.assistant;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import devfest.studio.outgoing.Outgoing;
import devfest.studio.outgoing.OutgoingException;
import devfest.studio.outgoing.Reach;
import devfest.studio.outgoing.Request;
import devfest.studio.outgoing.Response;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers prompts with a remote model over the OpenAI chat protocol. */
final class ModelEngine implements Engine {

  private static final Logger LOG = System.getLogger(ModelEngine.class.getName());
  private static final String FAILED = "The model could not answer.";
  private static final String TOO_LONG = "The answer of the model is too long.";

  /** For the whole answer; the silence within is limited by {@link Answer}, and much shorter. */
  private static final Duration DEADLINE = Duration.ofMinutes(15);

  /** In bytes: some 30,000 tokens, more than an answer to a short prompt takes. */
  private static final long MAX_ANSWER = 8 * 1024 * 1024;

  /** In bytes; a line has one token. */
  private static final int MAX_LINE = 256 * 1024;

  private final String baseUrl;
  private final String apiKey;
  private final String model;
  private final Outgoing client = new Outgoing(Reach.ANYWHERE, DEADLINE, MAX_ANSWER);

  ModelEngine(String baseUrl, String apiKey, String model) {
    this.baseUrl = baseUrl;
    this.apiKey = apiKey;
    this.model = model;
  }

  @Override
  public String name() {
    return model;
  }

  @Override
  public Runnable answer(String user, String prompt, Listener listener) {
    Connection connection = new Connection(client);
    OpenAiStreamingChatModel.builder()
        .baseUrl(baseUrl)
        .apiKey(apiKey)
        .modelName(model)
        .httpClientBuilder(connection)
        .build()
        .chat(prompt, new Handler(listener, connection));
    return connection::close;
  }

  /**
   * The connection of one answer. The library can cancel a stream only from inside an event; this
   * connection can also be closed before the first event.
   */
  private static final class Connection implements HttpClientBuilder, HttpClient {

    private final Outgoing client;

    @GuardedBy("this")
    private @Nullable Response response;

    @GuardedBy("this")
    private @Nullable Thread reader;

    private boolean closed;

    private volatile boolean done;

    Connection(Outgoing client) {
      this.client = client;
    }

    /** Returns at once; the answer is read on a thread of its own. */
    @Override
    public void execute(
        HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
      Thread thread =
          new Thread(() -> read(request, parser, new DoneDetector(listener)), "studio-model");
      thread.setDaemon(true);
      synchronized (this) {
        reader = thread;
      }
      thread.start();
    }

    private void read(
        HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
      try (Response open = client.open(request(request))) {
        synchronized (this) {
          response = open;
          if (closed) {
            return; // close() was called before the response arrived
          }
        }
        if (open.status() / 100 != 2) {
          throw new HttpException(open.status(), "status " + open.status());
        }
        listener.onOpen(
            SuccessfulHttpResponse.builder()
                .statusCode(open.status())
                .headers(open.headers())
                .build());
        parser.parse(new LineBound(open.body(), MAX_LINE), listener);
        listener.onClose();
      } catch (IOException | InterruptedException | RuntimeException e) {
        listener.onError(e);
      }
    }

    private static Request request(HttpRequest request) {
      Map<String, String> headers = new LinkedHashMap<>();
      request.headers().forEach((name, values) -> headers.put(name, String.join(", ", values)));
      return new Request(
          request.method().name(),
          URI.create(request.url()),
          headers,
          request.body().getBytes(StandardCharsets.UTF_8));
    }

    /** Whether the endpoint has sent {@code [DONE]}. */
    boolean isDone() {
      return done;
    }

    /** Detects {@code [DONE]}, which the library does not report. */
    private final class DoneDetector implements ServerSentEventListener {
      private final ServerSentEventListener listener;

      DoneDetector(ServerSentEventListener listener) {
        this.listener = listener;
      }

      @Override
      public void onOpen(SuccessfulHttpResponse response) {
        listener.onOpen(response);
      }

      @Override
      public void onEvent(ServerSentEvent event, ServerSentEventContext context) {
        detect(event);
        listener.onEvent(event, context);
      }

      @Override
      public void onEvent(ServerSentEvent event) {
        detect(event);
        listener.onEvent(event);
      }

      private void detect(ServerSentEvent event) {
        if (event.data() != null && event.data().strip().equals("[DONE]")) {
          done = true;
        }
      }

      @Override
      public void onError(Throwable fault) {
        listener.onError(fault);
      }

      @Override
      public void onClose() {
        listener.onClose();
      }
    }

    synchronized boolean isClosed() {
      return closed;
    }

    /** Ends the exchange, also while it connects; the thread that reads it gets an exception. */
    synchronized void close() {
      closed = true;
      if (response != null) {
        response.close();
      } else if (reader != null) {
        reader.interrupt();
      }
    }

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
      throw new UnsupportedOperationException("Answers are streamed");
    }

    @Override
    public HttpClient build() {
      return this;
    }

    @Override
    public @Nullable Duration connectTimeout() {
      return null;
    }

    @Override
    public HttpClientBuilder connectTimeout(Duration timeout) {
      return this;
    }

    @Override
    public @Nullable Duration readTimeout() {
      return null;
    }

    @Override
    public HttpClientBuilder readTimeout(Duration timeout) {
      return this;
    }
  }

  /** Passes the answer on to the listener. */
  private static final class Handler implements StreamingChatResponseHandler {

    private final Listener listener;
    private final Connection connection;

    Handler(Listener listener, Connection connection) {
      this.listener = listener;
      this.connection = connection;
    }

    @Override
    public void onPartialResponse(String text) {
      listener.token(text);
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
      // The library reports an unknown finish reason as null.
      if (response.metadata().finishReason() == null && !connection.isDone()) {
        LOG.log(Level.WARNING, FAILED + " The stream ended without a finish reason.");
        listener.failed("The answer was cut off.");
      } else {
        listener.complete();
      }
    }

    @Override
    public void onError(Throwable fault) {
      if (!connection.isClosed()) {
        // The exception's message may contain the API key, so it is logged at DEBUG level only.
        LOG.log(Level.WARNING, FAILED + " " + fault.getClass().getSimpleName());
      }
      LOG.log(Level.DEBUG, FAILED, fault);
      listener.failed(reason(fault));
    }

    /** Returns a full sentence for the client. */
    private static String reason(Throwable fault) {
      for (@Nullable Throwable cause = fault; cause != null; cause = cause.getCause()) {
        if (cause instanceof LineBound.TooLongException) {
          return TOO_LONG;
        }
        if (cause instanceof OutgoingException limit) {
          return switch (limit.reason()) {
            case TOO_LARGE -> TOO_LONG;
            case TIMED_OUT -> "The answer of the model takes too long.";
            default -> FAILED;
          };
        }
      }
      return FAILED;
    }
  }
}
