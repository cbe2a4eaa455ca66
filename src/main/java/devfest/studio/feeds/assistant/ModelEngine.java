package devfest.studio.feeds.assistant;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.jdk.JdkHttpClient;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Answers prompts with a remote model over the OpenAI chat protocol. */
final class ModelEngine implements Engine {

  private static final Logger LOG = System.getLogger(ModelEngine.class.getName());
  private static final String FAILED = "The model could not answer.";

  private final String baseUrl;
  private final String apiKey;
  private final String model;
  private final Duration timeout;
  private final HttpClient client;

  /**
   * @param timeout maximum time to connect and between reads
   */
  ModelEngine(String baseUrl, String apiKey, String model, Duration timeout) {
    this.baseUrl = baseUrl;
    this.apiKey = apiKey;
    this.model = model;
    this.timeout = timeout;
    this.client =
        JdkHttpClient.builder()
            .httpClientBuilder(
                java.net.http.HttpClient.newBuilder()
                    .version(java.net.http.HttpClient.Version.HTTP_1_1))
            .connectTimeout(timeout)
            .readTimeout(timeout)
            .build();
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
        .timeout(timeout)
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

    private final HttpClient client;

    @GuardedBy("this")
    private InputStream response = InputStream.nullInputStream();

    private boolean closed;

    private volatile boolean done;

    Connection(HttpClient client) {
      this.client = client;
    }

    @Override
    public void execute(
        HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
      client.execute(request, (body, to) -> read(parser, body, to), new DoneDetector(listener));
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

    private void read(ServerSentEventParser parser, InputStream body, ServerSentEventListener to) {
      synchronized (this) {
        response = body;
        if (closed) {
          close(); // close() was called before the response arrived
        }
      }
      parser.parse(body, to);
    }

    synchronized boolean isClosed() {
      return closed;
    }

    /** Closes the response; the thread that reads it gets an exception. */
    synchronized void close() {
      closed = true;
      try {
        response.close();
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "Could not close the connection to the model", e);
      }
    }

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
      return client.execute(request);
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
      listener.failed(FAILED);
    }
  }
}
