// SPDX-License-Identifier: Apache-2.0

import Glibc
import TestSupport
import Testing
import Values

@testable import Spec

struct SpecSchemaTests {
  /// JSON is YAML, so our own reader shows the schema's structure.
  private static func schema() throws -> YAMLNode {
    try #require(try YAMLDocument.parse(SpecSchema.jsonSchema(), file: "schema.json"))
  }

  @Test func everyMappingIsClosedAndComplete() throws {
    var records = 0
    func visit(_ node: YAMLNode) {
      if node["properties"] != nil, case .sequence(let required)? = node["required"]?.content {
        records += 1
        #expect(node["type"]?.text == "object")
        #expect(node["additionalProperties"]?.text == "false")
        let keys = node["properties"]?.keys ?? []
        #expect(!keys.isEmpty)
        #expect(required.allSatisfy { keys.contains($0.text ?? "") })
        for key in keys where node["properties"]?[key]?["properties"] == nil {
          #expect(node["properties"]?[key]?["description"]?.text?.hasSuffix(".") == true)
        }
      }
      for child in node.children { visit(child) }
    }
    visit(try Self.schema())
    #expect(records > 10)
  }

  @Test func defaultsAreThoseOfTheTypes() throws {
    let network = try #require(
      try Self.schema()["properties"]?["spec"]?["properties"]?["network"]?["properties"]
    )
    #expect(network["podCIDR"]?["default"]?.text == NetworkSpec().podCIDR.description)
    #expect(network["nodePrefix"]?["default"]?.text == "24")
    #expect(network["proxy"]?["properties"]?["mode"]?["default"]?.text == "iptables")
  }

  /// Judged by an implementation of JSON Schema: the schema itself, and that it accepts whatever the
  /// decoder accepts.
  @Test(.enabled(if: isPythonAble, "python3 has jsonschema and yaml"))
  func acceptsWhatTheDecoderAccepts() async throws {
    var files = SpecExample.names.compactMap {
      SpecExample.text(named: $0, newest: KubernetesVersion(1, 36, 2))
    }
    for seed in UInt64(0)..<40 {
      var generator = SeededGenerator(seed: seed)
      files.append(ExampleWriter.plainText(of: SpecRoundTripTests.spec(&generator)))
    }
    files += BadFile.rules.map(\.text).filter { SpecFixture.read($0).spec != nil }
    let verdicts = try await Self.judge(files)
    #expect(verdicts == files.map { _ in "valid" })
  }

  @Test(.enabled(if: isPythonAble, "python3 has jsonschema and yaml"))
  func refusesWrongStructure() async throws {
    // YAML readers of editors take the last of duplicate keys.
    let files = BadFile.structure.filter { !$0.expected.joined().contains("twice") }.map(\.text)
    let verdicts = try await Self.judge(files)
    #expect(verdicts == files.map { _ in "invalid" })
  }

  private static let isPythonAble =
    system("python3 -c 'import jsonschema, yaml' >/dev/null 2>&1") == 0

  private static let program = """
    import json, sys, yaml, jsonschema
    folder = sys.argv[1]
    schema = json.load(open(folder + "/schema.json"))
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    for number in range(int(sys.argv[2])):
        text = open(f"{folder}/{number}.yaml", encoding="utf-8").read()
        print("valid" if validator.is_valid(yaml.safe_load(text)) else "invalid")
    """

  private static func judge(_ files: [String]) async throws -> [String] {
    let folder = try Scratch()
    try folder.write(SpecSchema.jsonSchema(), to: "schema.json")
    let judge = try folder.write(program, to: "judge.py")
    for (number, text) in files.enumerated() { try folder.write(text, to: "\(number).yaml") }
    let result = try await Command.run("python3", judge, folder.path, String(files.count))
    #expect(result.exitCode == 0, "\(result.error)")
    return result.output.split(separator: "\n").map(String.init)
  }
}

extension YAMLNode {
  fileprivate subscript(_ key: String) -> YAMLNode? {
    guard case .mapping(let entries) = content else { return nil }
    return entries.first { $0.key == key }?.value
  }

  fileprivate var keys: [String] {
    guard case .mapping(let entries) = content else { return [] }
    return entries.map(\.key)
  }

  fileprivate var text: String? {
    guard case .scalar(let scalar) = content else { return nil }
    return scalar.text
  }

  fileprivate var children: [YAMLNode] {
    switch content {
    case .scalar: []
    case .sequence(let items): items
    case .mapping(let entries): entries.map(\.value)
    }
  }
}
