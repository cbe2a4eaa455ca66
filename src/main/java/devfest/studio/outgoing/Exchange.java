package devfest.studio.outgoing;

import devfest.studio.outgoing.OutgoingException.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.Call;
import okhttp3.Callback;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response. OkHttp works on a thread of its own, because the JVM can end
 * neither the resolution of a name nor a read when the thread of the caller is interrupted. {@link
 * #await} is for one thread, the rest for any.
 */
final class Exchange implements Callback {

  /** Makes the result from a response whose headers have arrived. */
  interface Step {
    Response apply(Response response) throws IOException;
  }

  private final Call call;
  private final Line line;
  private final Duration limit;
  private final long maxBytes;
  private final Step step;
  private final long end;
  private final CompletableFuture<Response> result = new CompletableFuture<>();

  /**
   * Starts the deadline.
   *
   * @param limit the timeout of the call, too, which also limits the reading of an open response
   */
  Exchange(Call call, Line line, Duration limit, long maxBytes, Step step) {
    this.call = call;
    this.line = line;
    this.limit = limit;
    this.maxBytes = maxBytes;
    this.step = step;
    this.end = System.nanoTime() + limit.toNanos();
  }

  /** Sends the request and waits for the result. */
  Response await() throws OutgoingException, InterruptedException {
    boolean returned = false;
    call.enqueue(this);
    try {
      Response response = result.get(limit.toNanos(), TimeUnit.NANOSECONDS);
      returned = true;
      return response;
    } catch (TimeoutException e) { // perhaps a name is still being resolved
      throw late(e);
    } catch (ExecutionException e) {
      throw explained(e.getCause());
    } finally {
      if (!returned) {
        cancel();
        if (!result.cancel(false) && !result.isCompletedExceptionally()) {
          result.join().close(); // it arrived before
        }
      }
    }
  }

  @Override
  public void onResponse(Call answered, okhttp3.Response response) {
    Body body = new Body(this, response.body().byteStream(), maxBytes);
    try {
      Response made =
          step.apply(
              new Response(response.code(), response.headers().toMultimap(), body, body::close));
      if (!result.complete(made)) {
        made.close();
      }
    } catch (IOException | RuntimeException e) {
      body.close();
      result.completeExceptionally(e);
    }
  }

  @Override
  public void onFailure(Call failed, IOException failure) {
    result.completeExceptionally(failure);
  }

  void partRead() {
    line.partRead();
  }

  void cancel() {
    call.cancel();
  }

  OutgoingException explained(@Nullable Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof OutgoingException known) {
        return known;
      }
    }
    if (System.nanoTime() - end >= 0) {
      return late(failure);
    }
    if (failure instanceof UnknownHostException) {
      return unreachable("has an unknown host name", failure);
    }
    if (failure instanceof ConnectException
        || failure instanceof NoRouteToHostException
        || failure instanceof SocketTimeoutException) {
      return unreachable("refuses the connection", failure);
    }
    if (failure instanceof SSLHandshakeException || failure instanceof SSLPeerUnverifiedException) {
      return unreachable("has no valid certificate, or none of the expected TLS", failure);
    }
    return isMalformed(failure)
        ? new OutgoingException(Reason.MALFORMED, "sends no valid response of HTTP/1.1", failure)
        : unreachable("closes the connection early", failure);
  }

  private static OutgoingException unreachable(String message, @Nullable Throwable failure) {
    return new OutgoingException(Reason.UNREACHABLE, message, failure);
  }

  /** OkHttp reports a body that ends too early like one that is not HTTP. */
  private static boolean isMalformed(@Nullable Throwable failure) {
    return (failure instanceof ProtocolException
            && !"unexpected end of stream".equals(failure.getMessage()))
        || (failure != null && failure.getCause() instanceof RuntimeException);
  }

  private OutgoingException late(@Nullable Throwable cause) {
    String time =
        limit.toMillis() % 1_000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
    return new OutgoingException(Reason.TIMED_OUT, "did not respond within " + time, cause);
  }
}
