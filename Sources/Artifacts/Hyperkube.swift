// SPDX-License-Identifier: Apache-2.0

import Catalog
import Values

/// The one program that is all others: whether there is a source of it.
enum Hyperkube {
  /// - Throws: `Failure(.invalidInput)`, which no further source mends.
  static func check(_ version: KubernetesVersion) throws {
    guard Catalog.standard.has(.hyperkube, at: version.minor) else {
      throw absent(from: "Kubernetes \(version)")
    }
  }

  /// - Throws: `Failure(.invalidInput)`, which no further source mends.
  static func check(_ tree: SourceTree) throws {
    guard tree.has(.hyperkube) else { throw absent(from: "the tree \(tree.folder)") }
  }

  private static func absent(from what: String) -> Failure {
    let record = Catalog.standard.record(of: .hyperkube)
    return Failure(
      .invalidInput,
      "\(what) has no hyperkube",
      why: record.flatMap { record in
        record.last.map { "\($0) is the last release that has it (\(record.source))" }
      },
      remedy: "leave out --hyperkube: later releases have each program by itself"
    )
  }
}
