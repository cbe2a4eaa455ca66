package devfest.studio;

import java.net.URI;
import org.junit.jupiter.api.extension.ExtendWith;

/** A test that shares its server with others. */
@ExtendWith(SharedServer.class)
public abstract class SharedServerTest extends StudioTest {

  @Override
  protected final URI base() {
    return SharedServer.base();
  }
}
