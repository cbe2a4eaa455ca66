package devfest.studio.idempotency;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * An answer as it goes out.
 *
 * @param location null for none
 * @param body JSON
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
