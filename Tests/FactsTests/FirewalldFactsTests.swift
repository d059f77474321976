// SPDX-License-Identifier: Apache-2.0

import Facts
import Testing

@Suite struct FirewalldFactsTests {
  @Test(arguments: [("0.6.3", 0, 6), ("1.3.3", 1, 3), ("2", 2, 0), ("", 0, 0)])
  func aVersionHasTwoNumbers(_ version: String, _ major: Int, _ minor: Int) {
    #expect(FirewalldFacts(version: version).release == (major, minor))
  }
}
