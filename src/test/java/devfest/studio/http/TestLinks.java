package devfest.studio.http;

import java.util.Optional;

/** The links of an application with a given context path. */
public final class TestLinks extends Links {

  private final String contextPath;

  public TestLinks(String contextPath) {
    super(new LinkSettings(Optional.empty()));
    this.contextPath = contextPath;
  }

  @Override
  public String contextPath() {
    return contextPath;
  }
}
