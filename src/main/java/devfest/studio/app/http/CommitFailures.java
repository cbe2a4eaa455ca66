package devfest.studio.app.http;

import jakarta.annotation.Priority;
import jakarta.transaction.TransactionalException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.Providers;

/**
 * Maps a failed commit like any other failure. Jersey in Payara has its own mapper for it, which
 * rethrows it and thus bypasses {@link Failures}.
 */
@Provider
@Priority(1)
public class CommitFailures implements ExceptionMapper<TransactionalException> {

  @Context private Providers providers;

  @Override
  public Response toResponse(TransactionalException failure) {
    return providers.getExceptionMapper(Exception.class).toResponse(failure);
  }
}
