package devfest.studio.http;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;

/**
 * Requires a text of 1 to {@link #max} characters (code points) without control characters;
 * surrounding white space does not count. Without line breaks it must be a {@linkplain Name name}.
 * Null is refused. {@code DocumentFilter} adds the bounds to the OpenAPI schema.
 */
@Documented
@Constraint(validatedBy = PlainText.Check.class)
@Target({ElementType.FIELD, ElementType.RECORD_COMPONENT})
@Retention(RetentionPolicy.RUNTIME)
public @interface PlainText {

  /** The highest number of characters. */
  int max();

  /** Whether line breaks and tabs are allowed. */
  boolean lines() default true;

  /** What follows the name of the member in the problem document. */
  String message() default "must have 1 to {max} characters and no control characters.";

  Class<?>[] groups() default {};

  Class<? extends Payload>[] payload() default {};

  /** Validates one text. Safe for use from many threads after its initialization. */
  final class Check implements ConstraintValidator<PlainText, String> {

    private int max;
    private boolean lines;

    @Override
    public void initialize(PlainText constraint) {
      max = constraint.max();
      lines = constraint.lines();
    }

    @Override
    public boolean isValid(@Nullable String value, ConstraintValidatorContext context) {
      return value != null && Field.isText(Field.strip(value), max, lines);
    }
  }
}
