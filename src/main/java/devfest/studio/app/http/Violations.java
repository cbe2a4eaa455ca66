package devfest.studio.app.http;

import devfest.studio.http.Code;
import devfest.studio.http.Field;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Responds to a body that violates a constraint with a problem document (400), which has one
 * sentence per violation.
 */
@Provider
public class Violations implements ExceptionMapper<ConstraintViolationException> {

  @Context private UriInfo uri;

  @Override
  public Response toResponse(ConstraintViolationException failure) {
    String detail =
        failure.getConstraintViolations().stream()
            .map(Violations::sentence)
            .distinct()
            .sorted()
            .collect(Collectors.joining(" "));
    return Response.status(Code.BAD_REQUEST.status())
        .type(ProblemDocument.TYPE)
        .entity(
            ProblemDocument.of(Code.BAD_REQUEST, detail, uri.getRequestUri().getPath()).toString())
        .build();
  }

  /** Names the member, or the body when it violates a constraint as a whole. */
  private static String sentence(ConstraintViolation<?> violation) {
    String subject = "The body";
    for (Path.Node node : violation.getPropertyPath()) {
      if (node.getKind() == ElementKind.PROPERTY) {
        subject = member(violation.getLeafBean(), node.getName());
      }
    }
    return subject + " " + violation.getMessage();
  }

  private static String member(Object body, String name) {
    return Arrays.stream(body.getClass().getRecordComponents())
        .filter(component -> component.getName().equals(name))
        .map(Field::name)
        .findFirst()
        .orElse(name);
  }
}
