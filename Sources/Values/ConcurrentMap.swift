// SPDX-License-Identifier: Apache-2.0

import Glibc

extension Array where Element: Sendable {
  /// Transforms all elements, as many at once as there are cores, and keeps their order.
  /// - Throws: the first error of `transform`, or `CancellationError`.
  package func concurrentMap<Result: Sendable>(
    _ transform: @escaping @Sendable (Element) async throws -> Result
  ) async throws -> [Result] {
    let width = Swift.max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    return try await withThrowingTaskGroup(of: (Int, Result).self) { group in
      var results: [Result?] = [Result?](repeating: nil, count: count)
      for (index, element) in enumerated() {
        if index >= width, let (done, result) = try await group.next() { results[done] = result }
        group.addTask {
          try Task.checkCancellation()
          return (index, try await transform(element))
        }
      }
      for try await (done, result) in group { results[done] = result }
      return results.compactMap(\.self)
    }
  }

  /// Slices of at most `size` elements, in order.
  package func chunks(of size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }
}
