package devfest.studio.http;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Limits how often a caller may request the annotated resource method. Each request counts, valid
 * or not, before its body is read. A caller without a token is counted by its address.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Limited {

  Limit value();
}
