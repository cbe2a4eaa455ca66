package devfest.studio.app.transfer;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BudgetTest {

  @Test
  void allBytesCanBeTakenButNotOneMore() {
    Budget budget = Budget.of(10);
    assertTrue(budget.take(4));
    assertTrue(budget.take(6));
    assertFalse(budget.take(1));
    assertTrue(budget.take(0));
    budget.give(3);
    assertFalse(budget.take(4));
    assertTrue(budget.take(3));
  }

  @Test
  void aRefusalTakesNothing() {
    Budget budget = Budget.of(10);
    assertFalse(budget.take(11));
    Space.assertFree(budget, 10);
  }

  @Test
  void aShareDoesNotShrinkByTheBytesThatItHasTakenItself() {
    AtomicLong free = new AtomicLong(400);
    Budget quarter = Budget.ofShare(free::get, 4);
    for (int i = 0; i < 10; i++) {
      assertTrue(quarter.take(10));
      free.addAndGet(-10);
    }
    assertFalse(quarter.take(1));
  }

  @Test
  void aShareShrinksWhenOthersFillTheStore() {
    AtomicLong free = new AtomicLong(400);
    Budget quarter = Budget.ofShare(free::get, 4);
    free.set(200);
    assertFalse(quarter.take(51));
    assertTrue(quarter.take(50));
  }
}
