package devfest.studio.app.http;

import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.core.NoContentException;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads an empty body as null, even if the Content-Type is JSON. The resource decides whether a
 * body is required.
 */
@Provider
public class EmptyBody implements ReaderInterceptor {

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
