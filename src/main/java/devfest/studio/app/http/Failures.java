package devfest.studio.app.http;

import devfest.studio.base.DomainException;
import devfest.studio.http.Code;
import devfest.studio.http.Links;
import devfest.studio.http.Outage;
import devfest.studio.http.Problem;
import jakarta.ejb.EJBException;
import jakarta.inject.Inject;
import jakarta.json.JsonException;
import jakarta.json.bind.JsonbException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Converts exceptions of resources into problem documents. The document of a client error describes
 * the error; an internal error is described only in the log, under an id that the document
 * contains.
 */
@Provider
public class Failures implements ExceptionMapper<Exception> {

  private static final Logger LOG = System.getLogger(Failures.class.getName());

  private static final String REQUIRED = "Token required";
  private static final String INVALID = "Invalid token";

  @Inject private FailedAuthentications authentications;
  @Inject private Links links;
  @Context private UriInfo uri;
  @Context private HttpServletRequest request;

  @Override
  public Response toResponse(Exception failure) {
    if (failure instanceof Problem problem) {
      if (problem.code() == Code.INVALID_SIGNATURE) {
        Optional<Problem> tooMany = authentications.count(request);
        if (tooMany.isPresent()) {
          return toResponse(tooMany.get());
        }
      }
      return refused(problem.code(), problem, Optional.ofNullable(problem.retryAfter()));
    }
    if (failure instanceof DomainException refusal) {
      return refused(Refusals.code(refusal.getClass()), refusal, refusal.retryAfter());
    }
    if (failure instanceof CompletionException && failure.getCause() instanceof Exception cause) {
      return toResponse(cause); // a request that waited failed
    }
    if (failure instanceof NotAuthorizedException unauthorized) {
      boolean invalid = INVALID.equals(unauthorized.getMessage());
      Optional<Problem> tooMany = invalid ? authentications.count(request) : Optional.empty();
      return tooMany.map(this::toResponse).orElseGet(() -> unauthorized(invalid));
    }
    if (failure instanceof ForbiddenException) {
      return problem(Code.FORBIDDEN, "The token does not have the role that this call requires.")
          .build();
    }
    if (failure instanceof NotFoundException) {
      return problem(Code.NOT_FOUND, "There is no resource at this path.").build();
    }
    if (failure instanceof WebApplicationException standard) {
      return standard(standard);
    }
    Optional<Outage> outage = Outage.of(failure);
    if (outage.isPresent()) {
      return unavailable(outage.get(), failure);
    }
    if (failure instanceof EJBException ejb
        && (ejb.getCausedByException() instanceof Problem
            || ejb.getCausedByException() instanceof DomainException)) {
      return toResponse(ejb.getCausedByException());
    }
    if (failure instanceof JsonbException
        || failure instanceof JsonException
        || failure instanceof ProcessingException) {
      return problem(Code.BAD_REQUEST, "The body does not have the format that this call accepts.")
          .build();
    }
    outage = Outage.behind(failure);
    if (outage.isPresent()) {
      return unavailable(outage.get(), failure);
    }
    String id = UUID.randomUUID().toString();
    String path = uri.getRequestUri().getRawPath(); // a decoded path could contain line breaks
    LOG.log(Level.ERROR, "Request to " + path + " failed; the response refers to " + id, failure);
    return problem(Code.INTERNAL_ERROR, "An internal error occurred. It is logged as " + id + ".")
        .build();
  }

  private Response refused(Code code, Exception refusal, Optional<Duration> retryAfter) {
    Response.ResponseBuilder response = problem(code, refusal.getMessage());
    retryAfter.ifPresent(wait -> response.header(HttpHeaders.RETRY_AFTER, wait.toSeconds()));
    return response.build();
  }

  private Response unavailable(Outage outage, Exception failure) {
    if (outage == Outage.DISK) {
      outage.begin(failure); // LastingConnection reports outages of the database
    }
    LOG.log(
        Level.DEBUG,
        "Request to " + uri.getRequestUri().getRawPath() + " failed in an outage",
        failure);
    return problem(outage.code(), outage.message())
        .header(HttpHeaders.RETRY_AFTER, Outage.PAUSE.toSeconds())
        .build();
  }

  private Response standard(WebApplicationException failure) {
    Response original = failure.getResponse();
    if (original.getStatus() < 400) {
      return original; // a redirect, for example
    }
    int status = original.getStatus();
    Response.ResponseBuilder response =
        Response.status(status)
            .type(ProblemDocument.TYPE)
            .entity(ProblemDocument.of(status, null, path()).toString());
    original
        .getStringHeaders()
        .forEach(
            (name, values) -> {
              if (!name.equalsIgnoreCase(HttpHeaders.CONTENT_TYPE)
                  && !name.equalsIgnoreCase(HttpHeaders.CONTENT_LENGTH)) {
                values.forEach(value -> response.header(name, value));
              }
            });
    return response.build();
  }

  private Response unauthorized(boolean invalid) {
    return (invalid ? problem(Code.INVALID_TOKEN, INVALID) : problem(Code.TOKEN_REQUIRED, REQUIRED))
        .header(HttpHeaders.WWW_AUTHENTICATE, Challenge.of(invalid, links))
        .build();
  }

  private Response.ResponseBuilder problem(Code code, @Nullable String detail) {
    return Response.status(code.status())
        .type(ProblemDocument.TYPE)
        .entity(ProblemDocument.of(code, detail, path()).toString());
  }

  private String path() {
    return uri.getRequestUri().getPath();
  }
}
