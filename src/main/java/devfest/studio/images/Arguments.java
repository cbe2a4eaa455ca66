package devfest.studio.images;

import java.util.List;

/**
 * The arguments of an operation in the style file. Every error throws an IllegalArgumentException.
 */
record Arguments(List<String> texts) {

  Arguments expect(int count) {
    if (texts.size() != count) {
      throw new IllegalArgumentException(
          "expected " + count + " arguments, but found " + texts.size());
    }
    return this;
  }

  int count() {
    return texts.size();
  }

  double number(int index, double least, double most) {
    return inRange(texts.get(index), least, most);
  }

  int integer(int index, int least, int most) {
    double value = number(index, least, most);
    if (value != Math.rint(value)) {
      throw new IllegalArgumentException("not a whole number: " + texts.get(index));
    }
    return (int) value;
  }

  /** Returns a colour {@code #rrggbb} as 0xRRGGBB. */
  int colour(int index) {
    String text = texts.get(index);
    if (!text.matches("#[0-9a-f]{6}")) {
      throw new IllegalArgumentException("not a colour: " + text);
    }
    return Integer.parseInt(text.substring(1), 16);
  }

  /**
   * Returns the points of a curve, pairs {@code from to} from 0 to 255 with increasing {@code
   * from}.
   */
  double[][] points() {
    if (texts.size() < 2) {
      throw new IllegalArgumentException("a curve needs at least two points");
    }
    double[][] points = new double[texts.size()][];
    for (int i = 0; i < points.length; i++) {
      String[] pair = texts.get(i).split(" +", -1);
      if (pair.length != 2) {
        throw new IllegalArgumentException("not a point: " + texts.get(i));
      }
      points[i] = new double[] {inRange(pair[0], 0, 255), inRange(pair[1], 0, 255)};
      if (i > 0 && points[i][0] <= points[i - 1][0]) {
        throw new IllegalArgumentException(
            "points must have increasing first values: " + texts.get(i));
      }
    }
    return points;
  }

  private static double inRange(String text, double least, double most) {
    double value = Double.parseDouble(text);
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(text + " is not between " + least + " and " + most);
    }
    return value;
  }
}
