// SPDX-License-Identifier: Apache-2.0

import Spec
import Testing
import Values

struct BadFileTests {
  @Test func theFixtureIsValid() {
    let result = SpecFixture.read(SpecFixture.text)
    #expect(result.diagnostics == [])
    #expect(result.spec?.hosts.map(\.name) == ["a", "b"])
  }

  @Test(
    arguments:
      BadFile.structure + BadFile.values + BadFile.hosts + BadFile.rules + BadFile.yaml
      + BadFile.eks
  )
  func isDiagnosedExactly(file: BadFile) {
    let result = SpecFixture.read(file.text)
    #expect(result.diagnostics.map(\.description) == file.expected)
    #expect(!file.expected.isEmpty)
    let hasErrors = result.diagnostics.contains { $0.severity == .error }
    #expect((result.spec == nil) == hasErrors)
  }
}
