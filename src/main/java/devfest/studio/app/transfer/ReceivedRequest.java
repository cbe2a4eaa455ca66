package devfest.studio.app.transfer;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A request whose body has been received completely, so that reading it does not block. */
public final class ReceivedRequest extends HttpServletRequestWrapper {

  private final Content content;
  private @Nullable ServletInputStream in;
  private @Nullable BufferedReader reader;

  public ReceivedRequest(HttpServletRequest request, Content content) {
    super(request);
    this.content = content;
  }

  @Override
  public ServletInputStream getInputStream() throws IOException {
    if (in == null) {
      in = new ContentStream(content.read(), content.length());
    }
    return in;
  }

  @Override
  public BufferedReader getReader() throws IOException {
    if (reader == null) {
      String charset = getCharacterEncoding();
      reader =
          new BufferedReader(
              charset == null
                  ? new InputStreamReader(getInputStream(), StandardCharsets.ISO_8859_1)
                  : new InputStreamReader(getInputStream(), charset));
    }
    return reader;
  }

  private static final class ContentStream extends ServletInputStream {

    private final InputStream in;
    private long left;

    ContentStream(InputStream in, long length) {
      this.in = in;
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      int b = in.read();
      left -= b < 0 ? 0 : 1;
      return b;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
      int n = in.read(bytes, offset, count);
      left -= Math.max(0, n);
      return n;
    }

    @Override
    public int available() {
      return (int) Math.min(left, Integer.MAX_VALUE);
    }

    @Override
    public boolean isFinished() {
      return left <= 0;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
      throw new IllegalStateException("The body has been received already.");
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
