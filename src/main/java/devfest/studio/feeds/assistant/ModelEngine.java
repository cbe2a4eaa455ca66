package devfest.studio.feeds.assistant;

import dev.langchain4j.http.client.jdk.JdkHttpClient;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.http.HttpClient;
import java.time.Duration;

/** Asks an endpoint that speaks OpenAI's chat protocol. */
final class ModelEngine implements Engine {

  private static final Logger LOG = System.getLogger(ModelEngine.class.getName());
  private static final String FAILED = "The model could not answer";

  private final String model;
  private final OpenAiStreamingChatModel client;

  /**
   * @param timeout until it begins to answer
   */
  ModelEngine(String baseUrl, String apiKey, String model, Duration timeout) {
    this.model = model;
    this.client =
        OpenAiStreamingChatModel.builder()
            .baseUrl(baseUrl)
            .apiKey(apiKey)
            .modelName(model)
            .timeout(timeout)
            .httpClientBuilder(
                JdkHttpClient.builder()
                    .httpClientBuilder(HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1))
                    .connectTimeout(timeout))
            .build();
  }

  @Override
  public String name() {
    return model;
  }

  @Override
  public Runnable answer(String user, String prompt, Listener listener) {
    Handler handler = new Handler(listener);
    client.chat(prompt, handler);
    return handler::stop;
  }

  /** Passes on what comes, until it is stopped. */
  private static final class Handler implements StreamingChatResponseHandler {

    private final Listener listener;
    private StreamingHandle handle;
    private boolean ended;
    private boolean stopped;

    Handler(Listener listener) {
      this.listener = listener;
    }

    void stop() {
      StreamingHandle open;
      synchronized (this) {
        stopped = true;
        open = handle;
      }
      if (open != null) {
        open.cancel(); // closes the line, also while nothing comes on it
      }
    }

    @Override
    public synchronized void onPartialResponse(
        PartialResponse part, PartialResponseContext context) {
      handle = context.streamingHandle();
      if (stopped || ended) {
        context.streamingHandle().cancel();
      } else {
        listener.token(part.text());
      }
    }

    @Override
    public synchronized void onCompleteResponse(ChatResponse response) {
      if (end()) {
        listener.complete();
      }
    }

    @Override
    public synchronized void onError(Throwable fault) {
      if (end()) {
        // Its message may hold what the endpoint says of the key.
        LOG.log(Level.WARNING, FAILED + ": " + fault.getClass().getSimpleName());
        LOG.log(Level.DEBUG, FAILED, fault);
        listener.failed(FAILED);
      }
    }

    private boolean end() {
      boolean first = !ended && !stopped;
      ended = true;
      return first;
    }
  }
}
