// Stands for React Native and its AsyncStorage in a browser.

import { createElement } from "react";

export const AppState = {
  currentState: "active",
  addEventListener: () => ({ remove() {} }),
};

export default {
  getItem: async (key) => localStorage.getItem(key),
  setItem: async (key, value) => localStorage.setItem(key, value),
};

export function Text({ nativeID, children }) {
  return createElement("span", { id: nativeID }, children);
}

export function FlatList({ nativeID, data, keyExtractor, renderItem }) {
  const rows = data.map((item) =>
    createElement("li", { key: keyExtractor(item) }, renderItem({ item })),
  );
  return createElement("ul", { id: nativeID }, rows);
}
