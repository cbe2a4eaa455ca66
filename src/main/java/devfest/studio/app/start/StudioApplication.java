package devfest.studio.app.start;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.enums.SecuritySchemeType;
import org.eclipse.microprofile.openapi.annotations.info.Info;
import org.eclipse.microprofile.openapi.annotations.info.License;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.security.SecurityScheme;

/** The HTTP API. */
@ApplicationScoped
@ApplicationPath("/api/v1")
@OpenAPIDefinition(
    info =
        @Info(
            title = "DevFest Studio",
            version = "1",
            description =
                "Upload photos, apply styles and follow every step live. Responses are"
                    + " {success, data}; failures are problem documents (RFC 9457).",
            license = @License(name = "Apache-2.0")),
    security = @SecurityRequirement(name = "token"))
@SecurityScheme(
    securitySchemeName = "token",
    type = SecuritySchemeType.HTTP,
    scheme = "bearer",
    bearerFormat = "JWT")
public class StudioApplication extends Application {

  /**
   * Disables Jersey's WADL document, which would be a poorer duplicate of the OpenAPI document in
   * the response to OPTIONS.
   */
  @Override
  public Map<String, Object> getProperties() {
    return Map.of("jersey.config.server.wadl.disableWadl", true);
  }
}
