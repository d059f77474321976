// SPDX-License-Identifier: Apache-2.0

/// Finds what a user probably meant.
package enum NearestSpelling {
  /// The candidate within a third of `word`'s length (at least one, at most three edits), nearest first,
  /// or nil where nothing is near.
  package static func of(_ word: String, among candidates: some Sequence<String>) -> String? {
    let limit = min(3, max(1, word.count / 3))
    let scored = candidates.filter { abs($0.count - word.count) <= limit }
      .map { (distance(word.lowercased(), $0.lowercased()), $0) }
    return scored.filter { $0.0 <= limit }.min { ($0.0, $0.1) < ($1.0, $1.1) }?.1
  }

  /// Optimal string alignment distance: insert, delete, replace, swap of neighbours each cost one.
  package static func distance(_ left: String, _ right: String) -> Int {
    let a = Array(left)
    let b = Array(right)
    if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
    var rows = [Array(0...b.count)]
    for i in 1...a.count {
      var row = [i] + Array(repeating: 0, count: b.count)
      for j in 1...b.count {
        let cost = a[i - 1] == b[j - 1] ? 0 : 1
        row[j] = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + cost)
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          row[j] = min(row[j], rows[i - 2][j - 2] + 1)
        }
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
