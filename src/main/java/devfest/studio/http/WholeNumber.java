package devfest.studio.http;

import jakarta.json.JsonNumber;
import jakarta.json.JsonValue;
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
 * Requires a whole number from {@link #min} to {@link #max}. A {@link JsonValue} with any other
 * JSON type is refused, also a string with digits. {@code DocumentFilter} adds the bounds to the
 * OpenAPI schema.
 */
@Documented
@Constraint(validatedBy = {WholeNumber.OfJson.class, WholeNumber.OfNumber.class})
@Target({ElementType.FIELD, ElementType.RECORD_COMPONENT, ElementType.TYPE_USE})
@Retention(RetentionPolicy.RUNTIME)
public @interface WholeNumber {

  /** The lowest number. */
  long min();

  /** The highest number. */
  long max();

  /** Whether null is allowed. */
  boolean optional() default false;

  /** What follows the name of the member in the problem document. */
  String message() default "must be a whole number from {min} to {max}.";

  Class<?>[] groups() default {};

  Class<? extends Payload>[] payload() default {};

  /** Validates one value of JSON. Safe for use from many threads after its initialization. */
  final class OfJson implements ConstraintValidator<WholeNumber, JsonValue> {

    @SuppressWarnings("NullAway.Init") // initialize sets it first
    private WholeNumber bounds;

    @Override
    public void initialize(WholeNumber constraint) {
      bounds = constraint;
    }

    @Override
    public boolean isValid(@Nullable JsonValue value, ConstraintValidatorContext context) {
      if (value == null || value == JsonValue.NULL) {
        return bounds.optional();
      }
      return value instanceof JsonNumber number
          && number.isIntegral()
          && number.bigIntegerValue().bitLength() < Long.SIZE
          && bounds.min() <= number.longValue()
          && number.longValue() <= bounds.max();
    }
  }

  /** Validates one integer. Safe for use from many threads after its initialization. */
  final class OfNumber implements ConstraintValidator<WholeNumber, Number> {

    @SuppressWarnings("NullAway.Init") // initialize sets it first
    private WholeNumber bounds;

    @Override
    public void initialize(WholeNumber constraint) {
      bounds = constraint;
    }

    @Override
    public boolean isValid(@Nullable Number value, ConstraintValidatorContext context) {
      return value == null
          ? bounds.optional()
          : bounds.min() <= value.longValue() && value.longValue() <= bounds.max();
    }
  }
}
