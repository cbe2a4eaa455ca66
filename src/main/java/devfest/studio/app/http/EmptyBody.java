package devfest.studio.app.http;

import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.core.NoContentException;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A body that is empty is none, also where the client calls it JSON: whether one is needed is for
 * the resource to say.
 */
@Provider
public class EmptyBody implements ReaderInterceptor {

  @Override
  public @Nullable Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
    try {
      return context.proceed();
    } catch (NoContentException e) {
      return null;
    } catch (BadRequestException e) { // what Jersey makes of it
      if (e.getCause() instanceof NoContentException) {
        return null;
      }
      throw e;
    }
  }
}
