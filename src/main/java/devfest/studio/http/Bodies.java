package devfest.studio.http;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.Validator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Validates the body of a method that checks the caller itself. There, {@code @Valid} on the
 * parameter would reject the body before the caller. Safe for use from many threads.
 */
@ApplicationScoped
public class Bodies {

  private final Validator validator;

  @Inject
  Bodies(Validator validator) {
    this.validator = validator;
  }

  /**
   * Returns a body that satisfies the constraints of its members.
   *
   * @throws Problem 400 if there is no body
   * @throws ConstraintViolationException if the body violates a constraint; the reply is a 400
   */
  public <T> T valid(@Nullable T body) {
    if (body == null) {
      throw Problem.badRequest("The body must be a JSON object.");
    }
    Set<ConstraintViolation<T>> violations = validator.validate(body);
    if (!violations.isEmpty()) {
      throw new ConstraintViolationException(violations);
    }
    return body;
  }
}
