package devfest.studio.images;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses the operations in the style file. */
final class Operations {
  private static final Map<String, Function<Arguments, Operation>> BY_NAME =
      Map.ofEntries(
          Map.entry("curve", Curve::curve),
          Map.entry("red", Curve::red),
          Map.entry("blue", Curve::blue),
          Map.entry("posterise", Posterise::posterise),
          Map.entry("saturation", ColourMatrix::saturation),
          Map.entry("monochrome", ColourMatrix::monochrome),
          Map.entry("split-tone", SplitTone::splitTone),
          Map.entry("gradient", GradientMap::gradient),
          Map.entry("vignette", Vignette::vignette),
          Map.entry("grain", Grain::grain),
          Map.entry("halftone", Halftone::halftone),
          Map.entry("scanlines", Scanlines::scanlines),
          Map.entry("fringe", Fringe::fringe),
          Map.entry("grid", Grid::grid),
          Map.entry("glow", Glow::glow),
          Map.entry("clarity", Clarity::clarity),
          Map.entry("pencil", Pencil::pencil),
          Map.entry("outline", Outline::outline),
          Map.entry("brush", Brush::brush),
          Map.entry("channels", ColourMatrix::channels),
          Map.entry("fade", Vignette::fade),
          Map.entry("blur", Blur::blur),
          Map.entry("tilt-shift", Blur::tiltShift),
          Map.entry("tiles", Tiles::tiles),
          Map.entry("glyphs", Glyphs::glyphs),
          Map.entry("glitch", Glitch::glitch),
          Map.entry("engrave", Engraving::engrave),
          Map.entry("light", Light::light),
          Map.entry("flakes", Flakes::flakes),
          Map.entry("border", Border::border));

  private static final Pattern CALL =
      Pattern.compile("\\s*([a-z-]+)\\(([^()]*)\\)\\s*(,(?=\\s*\\S)|$)");

  private Operations() {}

  /**
   * Parses {@code name(argument, …), name(…), …}.
   *
   * @throws IllegalArgumentException if the text has any other form
   */
  static List<Operation> parse(String text) {
    List<Operation> operations = new ArrayList<>();
    Matcher call = CALL.matcher(text);
    int end = 0;
    while (call.find(end) && call.start() == end) {
      operations.add(operation(call.group(1), call.group(2)));
      end = call.end();
      if (end == text.length()) {
        return operations;
      }
    }
    throw new IllegalArgumentException("not a list of operations: " + text.substring(end));
  }

  private static Operation operation(String name, String arguments) {
    Function<Arguments, Operation> operation = BY_NAME.get(name);
    if (operation == null) {
      throw new IllegalArgumentException("unknown operation: " + name);
    }
    List<String> texts = Arrays.stream(arguments.split(",", -1)).map(String::strip).toList();
    try {
      return operation.apply(new Arguments(texts));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + "(" + arguments + "): " + e.getMessage(), e);
    }
  }
}
