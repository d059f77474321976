// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Values

extension JoinEvidence {
  /// Reads what a program of `JoinProbe` printed, which is hostile until read.
  ///
  /// - Throws: `Failure` (`preflight`) when the text is not whole.
  package static func parse(_ text: String) throws -> JoinEvidence {
    let lines = text.utf8.split(separator: UInt8(ascii: "\n")).map {
      String(decoding: $0, as: UTF8.self)
    }
    guard let start = lines.firstIndex(of: "kubewright-join 1"),
      let end = lines.lastIndex(of: "end"),
      start < end
    else {
      throw Failure(
        .preflight,
        "what the host found out about its way into the cluster is not whole",
        why: lines.last.map { TerminalText.escape(String($0.prefix(120))) },
        remedy:
          "run the same command again; check that a login runs sh and that nothing ends it early"
      )
    }
    var reader = JoinEvidenceReader()
    for line in lines[(start + 1)..<end] { reader.read(line) }
    return reader.found
  }
}

/// Puts the lines of a join probe together: a key, a blank, a value.
private struct JoinEvidenceReader {
  private(set) var found = JoinEvidence()

  /// More of a kind than a sane host has is not read.
  private static let listLimit = 64

  mutating func read(_ line: String) {
    let words = line.split(separator: " ").map(String.init)
    guard let key = words.first else { return }
    let value = words.count > 1 ? words[1] : ""
    switch key {
    case "curl": found.hasCurl = value == "yes"
    case "nameserver": append(Self.line(value), to: &found.nameservers)
    case "resolve": found.resolution = value == "address" ? .notNeeded : .failed
    case "address": readAddress(Self.line(value))
    case "authority": found.authority = .init(rawValue: value) ?? .missing
    case "clock": found.clock = Int(value)
    case "date": readDate(value)
    case "connect": readConnection(Self.text(value))
    case "connect-message": found.connection?.message = Self.line(Self.text(value))
    case "cni-folder": found.hasCNIFolder = true
    case "cni": append(Self.line(Self.text(value)), to: &found.cniFiles)
    case "unit": readUnit(value, words.dropFirst(2))
    case "log-kubelet": found.kubelet.log = Self.lines(value)
    case "log-runtime": found.runtime.log = Self.lines(value)
    case "node": found.node = Self.answer(words)
    case "whoami": found.whoami = Self.answer(words)
    default: readIdentity(key, value, words)
    }
  }

  private mutating func readIdentity(_ key: String, _ value: String, _ words: [String]) {
    switch key {
    case "credential": found.credential = Int(value).map { .init(exitCode: $0) }
    case "credential-message": found.credential?.message = Self.line(Self.text(value))
    case "expiration": found.credential?.expiration = Timestamp(rfc3339: Self.text(value))
    case "token": found.credential?.token = .init(rawValue: value) ?? .none
    case "metadata":
      guard let exit = Int(value) else { return }
      found.metadata = .init(exitCode: exit, status: words.count > 2 ? Int(words[2]) ?? 0 : 0)
    case "metadata-role": found.metadata?.role = Self.line(Self.text(value))
    case "sts-host": found.stsHost = Self.line(Self.text(value))
    case "signed-region": found.signedRegion = Self.line(Self.text(value))
    case "sts":
      guard let exit = Int(value) else { return }
      let status = words.count > 2 ? Int(words[2]) ?? 0 : 0
      let body = words.count > 3 ? Self.text(words[3]) : ""
      found.identity = Self.identity(exitCode: exit, status: status, body: body)
    default: return
    }
  }

  private mutating func readAddress(_ address: String) {
    var addresses: [String] = []
    if case .addresses(let known) = found.resolution { addresses = known }
    append(address, to: &addresses)
    found.resolution = .addresses(addresses)
  }

  private mutating func readDate(_ value: String) {
    let text = Self.text(value).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard let clock = found.clock, let date = Timestamp(httpDate: text) else { return }
    found.serverSkew = clock &- Int(clamping: date.seconds)
  }

  /// curl's exit code, and its own `%{http_code} %{time_connect} %{remote_ip}`.
  private mutating func readConnection(_ text: String) {
    let words = text.split(separator: " ").map(String.init)
    guard let first = words.first, let exit = Int(first) else { return }
    found.connection = .init(
      exitCode: exit,
      status: words.count > 1 ? Int(words[1]) ?? 0 : 0,
      connected: words.count > 2 && words[2].contains { ("1"..."9").contains($0) },
      address: words.count > 3 ? Self.line(words[3]) : "",
      message: ""
    )
  }

  private mutating func readUnit(_ key: String, _ words: ArraySlice<String>) {
    var properties: [String: String] = [:]
    for word in words.prefix(Self.listLimit) {
      let parts = word.split(separator: "=", maxSplits: 1).map { Self.line(String($0)) }
      if parts.count == 2 { properties[parts[0]] = parts[1] }
    }
    if key == "kubelet" { found.kubelet.properties = properties }
    if key == "runtime" { found.runtime.properties = properties }
  }

  private func append(_ item: String, to list: inout [String]) {
    if list.count < Self.listLimit, !item.isEmpty { list.append(item) }
  }

  // MARK: Texts

  private static func text(_ digits: String) -> String {
    Hex.decode(digits.utf8).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// One line that does not drive a terminal.
  private static func line(_ text: String) -> String {
    let words = String(text.unicodeScalars.prefix(1000)).split(whereSeparator: \.isWhitespace)
    return TerminalText.escape(words.joined(separator: " "))
  }

  private static func lines(_ digits: String) -> [String] {
    (Hex.decode(digits.utf8) ?? []).split(separator: UInt8(ascii: "\n"))
      .suffix(80).map { line(String(decoding: $0, as: UTF8.self)) }.filter { !$0.isEmpty }
  }

  // MARK: Answers

  private static func answer(_ words: [String]) -> JoinEvidence.Answer? {
    guard words.count > 1, let exit = Int(words[1]) else { return nil }
    var answer = JoinEvidence.Answer(
      exitCode: exit,
      status: words.count > 2 ? Int(words[2]) ?? 0 : 0
    )
    let body = words.count > 3 ? text(words[3]) : ""
    guard let object = try? JSONDecoder().decode(NodeOrStatus.self, from: Data(body.utf8)) else {
      answer.message = line(body)
      return answer
    }
    answer.message = line(object.message ?? "")
    answer.conditions = (object.node?.conditions ?? []).prefix(listLimit).map {
      .init(
        type: line($0.type ?? ""),
        status: line($0.status ?? ""),
        reason: line($0.reason ?? ""),
        message: line($0.message ?? "")
      )
    }
    return answer
  }

  /// STS answers in JSON to who asks for it and in XML to others; what stands in front may say it in both.
  private static func identity(
    exitCode: Int,
    status: Int,
    body: String
  ) -> JoinEvidence.Identity {
    var identity = JoinEvidence.Identity(exitCode: exitCode, status: status)
    if let answer = try? JSONDecoder().decode(STSAnswer.self, from: Data(body.utf8)) {
      identity.arn = (answer.response?.result.arn).flatMap { CallerARN($0) }
      identity.code = line(answer.error?.code ?? "")
      identity.message = line(answer.error?.message ?? "")
    } else {
      identity.arn = element("Arn", of: body).flatMap { CallerARN($0) }
      identity.code = line(element("Code", of: body) ?? jsonMember("Code", of: body) ?? "")
      let message = element("Message", of: body) ?? jsonMember("Message", of: body)
      identity.message = line(message ?? (exitCode == 0 ? "" : body))
    }
    return identity
  }

  private static func element(_ name: String, of body: String) -> String? {
    guard let start = body.ranges(of: "<\(name)>").first else { return nil }
    return String(body[start.upperBound...].prefix { $0 != "<" })
  }

  /// Of a text that was cut before a secret, and is no document any more.
  private static func jsonMember(_ name: String, of body: String) -> String? {
    guard let start = body.ranges(of: "\"\(name)\":").first else { return nil }
    let rest = body[start.upperBound...].drop { $0 != "\"" }.dropFirst()
    return String(rest.prefix { $0 != "\"" })
  }
}

/// A Node, or the Status that came in its place.
private struct NodeOrStatus: Decodable {
  struct Node: Decodable {
    let conditions: [Condition]?
  }
  struct Condition: Decodable {
    let type: String?
    let status: String?
    let reason: String?
    let message: String?
  }
  let message: String?
  let node: Node?

  private enum CodingKeys: String, CodingKey {
    case message
    case node = "status"
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    message = try container.decodeIfPresent(String.self, forKey: .message)
    // A Status has the text "Failure" there.
    node = try? container.decodeIfPresent(Node.self, forKey: .node)
  }
}

private struct STSAnswer: Decodable {
  struct Response: Decodable {
    let result: Result
    private enum CodingKeys: String, CodingKey {
      case result = "GetCallerIdentityResult"
    }
  }
  struct Result: Decodable {
    let arn: String
    private enum CodingKeys: String, CodingKey {
      case arn = "Arn"
    }
  }
  struct Fault: Decodable {
    let code: String?
    let message: String?
    private enum CodingKeys: String, CodingKey {
      case code = "Code"
      case message = "Message"
    }
  }
  let response: Response?
  let error: Fault?
  private enum CodingKeys: String, CodingKey {
    case response = "GetCallerIdentityResponse"
    case error = "Error"
  }
}
