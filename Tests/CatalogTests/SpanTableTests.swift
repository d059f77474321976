// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Catalog

/// The tables are data that nothing but these tests checks before they are used.
struct SpanTableTests {
  static let tables: [String: SpanTable] = [
    "kube-apiserver": .apiServer, "kube-controller-manager": .controllerManager,
    "kube-scheduler": .scheduler, "kubelet": .kubelet, "kube-proxy": .proxy,
    "kubelet fields": .kubeletFields, "kube-proxy fields": .proxyFields,
    "CRI-O keys": .crioKeys, "admission plugins": .admissionPlugins,
    "default admission plugins": .defaultAdmissionPlugins, "proxy modes": .proxyModes,
    "features": .features,
  ]

  @Test(arguments: tables.keys.sorted())
  func everyLineIsRead(name: String) throws {
    let table = try #require(Self.tables[name])
    #expect(table.malformed.isEmpty)
    #expect(!table.records.isEmpty)
  }

  @Test(arguments: tables.keys.sorted())
  func everyRangeTouchesTheSupportedMinors(name: String) throws {
    let table = try #require(Self.tables[name])
    let supported = Catalog.standard.supported
    for (entry, record) in table.records {
      #expect((record.first ?? supported.lowerBound) <= supported.upperBound, "\(entry)")
      #expect((record.last ?? supported.upperBound) >= supported.lowerBound, "\(entry)")
      #expect(!record.source.isEmpty, "\(entry)")
      if let deprecated = record.deprecated, let last = record.last {
        #expect(deprecated <= Minor(last.major, last.minor + 1), "\(entry)")
      }
    }
  }

  @Test func aLineHasNameRangeDeprecationAndSource() throws {
    let table = SpanTable("port 1.12-1.23 !1.20 # notes, PR #7", source: "usual")
    let record = try #require(table.records["port"])
    #expect(
      record
        == FlagRecord(
          first: Minor(1, 12),
          last: Minor(1, 23),
          deprecated: Minor(1, 20),
          source: "notes, PR #7"
        )
    )
    #expect(!record.spans(Minor(1, 11)))
    #expect(record.spans(Minor(1, 12)) && record.spans(Minor(1, 23)))
    #expect(!record.spans(Minor(1, 24)))
  }

  @Test func openEndsHoldForEveryMinor() throws {
    let record = try #require(SpanTable("port -", source: "usual").records["port"])
    #expect(record == FlagRecord(first: nil, last: nil, deprecated: nil, source: "usual"))
    #expect(record.spans(Minor(1, 0)) && record.spans(Minor(2, 0)))
  }

  @Test(
    arguments: [
      "port", "port 1.12", "port 1.x-", "port 1.20-1.12", "port - deprecated", "port - !",
      "port - !1.12 more", "port - #", "port -\nport -",
    ] as [StaticString]
  )
  func aBrokenLineIsReportedAndSkipped(text: StaticString) {
    #expect(SpanTable(text, source: "usual").malformed.count == 1)
  }
}
