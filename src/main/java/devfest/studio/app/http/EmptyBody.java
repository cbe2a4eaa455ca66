package devfest.studio.app.http;

import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.NoContentException;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads an empty body as null, even if the Content-Type is JSON or absent. The resource decides
 * whether a body is required.
 */
@Provider
@PreMatching
public class EmptyBody implements ContainerRequestFilter, ReaderInterceptor {

  /** RESTEasy treats a request without a body and a type as a binary body, and rejects it. */
  @Override
  public void filter(ContainerRequestContext request) {
    if (request.getMediaType() == null
        && (Entrance.isBodiless(request.getMethod()) || isEmpty(request))) {
      request.getHeaders().putSingle("Content-Type", MediaType.APPLICATION_JSON);
    }
  }

  private static boolean isEmpty(ContainerRequestContext request) {
    return request.getLength() == 0 || !request.hasEntity();
  }

  @Override
  public @Nullable Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
    try {
      return context.proceed();
    } catch (NoContentException e) {
      return null;
    } catch (BadRequestException e) { // Jersey's wrapper
      if (e.getCause() instanceof NoContentException) {
        return null;
      }
      throw e;
    }
  }
}
