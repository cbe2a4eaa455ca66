package devfest.studio.idempotency;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A reply to a request.
 *
 * @param status HTTP status code
 * @param location value of the {@code Location} header; null for none
 * @param body JSON text
 */
public record Reply(int status, @Nullable String location, String body) {

  public Response response() {
    return Response.status(status)
        .location(location == null ? null : URI.create(location))
        .type(MediaType.APPLICATION_JSON)
        .entity(body)
        .build();
  }
}
