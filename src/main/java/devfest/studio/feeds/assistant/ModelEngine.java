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

/** Asks an endpoint that speaks OpenAI's chat protocol. */
final class ModelEngine implements Engine {

  private static final Logger LOG = System.getLogger(ModelEngine.class.getName());
  private static final String FAILED = "The model could not answer";

  private final String baseUrl;
  private final String apiKey;
  private final String model;
  private final Duration timeout;
  private final HttpClient client;

  /**
   * @param timeout until it begins to answer
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
    Line line = new Line(client);
    OpenAiStreamingChatModel.builder()
        .baseUrl(baseUrl)
        .apiKey(apiKey)
        .modelName(model)
        .timeout(timeout)
        .httpClientBuilder(line)
        .build()
        .chat(prompt, new Handler(listener, line));
    return line::close;
  }

  /**
   * What one answer comes over. The library lets a stream be cancelled by its events alone; this
   * can be closed before any has come.
   */
  private static final class Line implements HttpClientBuilder, HttpClient {

    private final HttpClient client;

    @GuardedBy("this")
    private InputStream bytes = InputStream.nullInputStream();

    @GuardedBy("this")
    private boolean closed;

    private volatile boolean done;

    Line(HttpClient client) {
      this.client = client;
    }

    @Override
    public void execute(
        HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
      client.execute(request, (body, to) -> read(parser, body, to), new Watched(listener));
    }

    /** Whether the endpoint has said that the answer is complete. */
    boolean isDone() {
      return done;
    }

    /** Notes the end of the protocol, which the library does not pass on. */
    private final class Watched implements ServerSentEventListener {
      private final ServerSentEventListener listener;

      Watched(ServerSentEventListener listener) {
        this.listener = listener;
      }

      @Override
      public void onOpen(SuccessfulHttpResponse response) {
        listener.onOpen(response);
      }

      @Override
      public void onEvent(ServerSentEvent event, ServerSentEventContext context) {
        look(event);
        listener.onEvent(event, context);
      }

      @Override
      public void onEvent(ServerSentEvent event) {
        look(event);
        listener.onEvent(event);
      }

      private void look(ServerSentEvent event) {
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
        bytes = body;
        if (closed) {
          close(); // what was asked for while there was nothing to close
        }
      }
      parser.parse(body, to);
    }

    synchronized boolean isClosed() {
      return closed;
    }

    /** Who reads is told so. */
    synchronized void close() {
      closed = true;
      try {
        bytes.close();
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "A line to the model did not close well", e);
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

  /** Passes on what comes. */
  private static final class Handler implements StreamingChatResponseHandler {

    private final Listener listener;
    private final Line line;

    Handler(Listener listener, Line line) {
      this.listener = listener;
      this.line = line;
    }

    @Override
    public void onPartialResponse(String text) {
      listener.token(text);
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
      // A reason that the library does not know is none to it.
      if (response.metadata().finishReason() == null && !line.isDone()) {
        LOG.log(Level.WARNING, FAILED + ": it ended without a reason to");
        listener.failed("The answer broke off");
      } else {
        listener.complete();
      }
    }

    @Override
    public void onError(Throwable fault) {
      if (!line.isClosed()) {
        // Its message may hold what the endpoint says of the key.
        LOG.log(Level.WARNING, FAILED + ": " + fault.getClass().getSimpleName());
      }
      LOG.log(Level.DEBUG, FAILED, fault);
      listener.failed(FAILED);
    }
  }
}
