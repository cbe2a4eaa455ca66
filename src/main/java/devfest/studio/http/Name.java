package devfest.studio.http;

import devfest.studio.base.Text;
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
 * Requires a text on one line without control characters, bidirectional controls and invisible
 * characters ({@link Text#isName}). Null is allowed.
 */
@Documented
@Constraint(validatedBy = Name.Check.class)
@Target({ElementType.FIELD, ElementType.RECORD_COMPONENT})
@Retention(RetentionPolicy.RUNTIME)
public @interface Name {

  /** What follows the name of the member in the problem document. */
  String message();

  Class<?>[] groups() default {};

  Class<? extends Payload>[] payload() default {};

  /** Validates one text. Safe for use from many threads. */
  final class Check implements ConstraintValidator<Name, String> {

    @Override
    public boolean isValid(@Nullable String value, ConstraintValidatorContext context) {
      return value == null || Text.isName(value);
    }
  }
}
