// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Verify

@Suite struct PodReportTests {
  private let questions: [PodReport.Question] = [
    .pod(node: "a"), .pod(node: "b"), .dial, .etcd(host: "a"), .service,
  ]

  private func verdicts(_ log: String) -> [Bool] {
    PodReport(log: log).checks(of: questions, from: "pod on a").map(\.passed)
  }

  @Test func allIsWell() {
    let log = "pod a ok\npod b ok\ndial itself ok\netcd a closed\nservice b ok\nend\n"
    #expect(verdicts(log) == [true, true, true, true, true])
    #expect(PodReport(log: log).isWhole)
  }

  @Test(arguments: [
    ("pod a failed\npod b ok\ndial itself ok\netcd a closed\nservice b ok\nend", 0, "no answer"),
    (
      "pod a ok\npod b ok\ndial itself failed\netcd a closed\nservice b ok\nend", 2,
      "finds an open port closed"
    ),
    (
      "pod a ok\npod b ok\ndial itself ok\netcd a open\nservice b ok\nend", 3,
      "the port is open to pods"
    ),
    ("pod a ok\npod b ok\ndial itself ok\netcd a closed\nservice - failed\nend", 4, "no answer"),
  ])
  func aBadAnswerFailsItsCheckAlone(log: String, index: Int, detail: String) {
    let checks = PodReport(log: log).checks(of: questions, from: "pod on a")
    #expect(checks.indices.filter { !checks[$0].passed } == [index])
    #expect(checks[index].detail == detail)
  }

  @Test(arguments: ["", "end", "pod a", "\u{0}\u{1}", "wget: applet not found\n"])
  func whatWasNotSaidFails(log: String) {
    let checks = PodReport(log: log).checks(of: questions, from: "pod on a")
    #expect(checks.allSatisfy { !$0.passed && $0.detail == "not tried: the pod ended before" })
  }

  @Test func aLogThatIsCutShortIsNotWhole() {
    #expect(!PodReport(log: "pod a ok\npod b o").isWhole)
    #expect(verdicts("pod a ok\npod b o") == [true, false, false, false, false])
  }
}
