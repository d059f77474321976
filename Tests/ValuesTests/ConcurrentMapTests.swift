// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@Suite struct ConcurrentMapTests {
  @Test(arguments: [0, 1, 2, 1000])
  func orderStays(count: Int) async throws {
    let elements = Array(0..<count)
    let results = try await elements.concurrentMap { element in
      // Work of uneven length, so that later elements end first.
      (0..<(element.isMultiple(of: 7) ? 5000 : 1)).reduce(element) { sum, _ in sum &+ 0 } * 2
    }
    #expect(results == elements.map { $0 * 2 })
  }

  @Test func anErrorComesThrough() async {
    await #expect(throws: InvalidValue.self) {
      try await Array(0..<100).concurrentMap { element in
        guard element != 63 else { throw InvalidValue(kind: "number", text: "63") }
      }
    }
  }

  @Test func chunksHoldAll() {
    #expect([1, 2, 3, 4, 5].chunks(of: 2) == [[1, 2], [3, 4], [5]])
    #expect([Int]().chunks(of: 2).isEmpty)
  }
}
