// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import PKI
import TestSupport
import Testing
import Values

struct KubeconfigTests {
  @Test(arguments: [("sample", "kubernetes-admin"), ("1e3", "yes"), ("it's \"so\" \\n", "a: b #c")])
  func `a YAML parser reads back what went in`(_ cluster: String, _ user: String) async throws {
    let text = Kubeconfig.render(
      cluster: cluster,
      server: "https://10.0.0.1:6443",
      authority: "AUTHORITY\n",
      user: user,
      credential: Credential(certificate: "CERTIFICATE\n", key: Sensitive("KEY\n"))
    ).revealText()
    let json = try await tool(
      "python3",
      "-c",
      "import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin)))",
      input: text
    )
    let config = try JSONDecoder().decode(Config.self, from: Data(json.utf8))
    #expect(config.apiVersion == "v1")
    #expect(config.kind == "Config")
    let context = try #require(config.contexts.first)
    #expect(config.currentContext == context.name)
    #expect(context.context == ["cluster": cluster, "user": user])
    let named = try #require(config.clusters.first)
    #expect(named.name == cluster)
    #expect(named.cluster["server"] == "https://10.0.0.1:6443")
    #expect(plain(named.cluster["certificate-authority-data"]) == "AUTHORITY\n")
    let credential = try #require(config.users.first)
    #expect(credential.name == user)
    #expect(plain(credential.user["client-certificate-data"]) == "CERTIFICATE\n")
    #expect(plain(credential.user["client-key-data"]) == "KEY\n")
  }

  @Test(.enabled(if: programs != nil, "KUBEWRIGHT_PROGRAMS names no folder with kubectl"))
  func `kubectl reads it`() async throws {
    let folder = try Scratch()
    let bundle = try await PKIStore(directory: folder.store).ensure(
      cluster: .sample(),
      dryRun: true
    ).bundle
    let text = Kubeconfig.render(
      cluster: "sample",
      server: "https://10.0.0.1:6443",
      authority: bundle.authority(.cluster),
      user: "kubernetes-admin",
      credential: try #require(bundle.leaves[.admin])
    )
    try folder.write(text.revealText(), to: "admin.conf")
    let kubectl = "\(programs ?? "")/kubectl"
    let template = "{.current-context} {.clusters[0].cluster.server} {.users[0].name}"
    let seen = try await tool(
      "env",
      kubectl,
      "--kubeconfig=\(folder.path)/admin.conf",
      "config",
      "view",
      "--output=jsonpath=\(template)"
    )
    #expect(seen == "kubernetes-admin@sample https://10.0.0.1:6443 kubernetes-admin")
  }

  @Test func `the whole file is a secret`() {
    let text = Kubeconfig.render(
      cluster: "c",
      server: "https://c",
      authority: "",
      user: "u",
      credential: Credential(certificate: "", key: Sensitive("KEY"))
    )
    #expect("\(text)".hasPrefix("<secret "))
  }

  private func plain(_ base64: String?) -> String? {
    base64.flatMap { Data(base64Encoded: $0) }.map { String(decoding: $0, as: UTF8.self) }
  }
}

private struct Config: Decodable {
  struct Cluster: Decodable {
    var name: String
    var cluster: [String: String]
  }
  struct Context: Decodable {
    var name: String
    var context: [String: String]
  }
  struct User: Decodable {
    var name: String
    var user: [String: String]
  }
  var apiVersion: String
  var kind: String
  var clusters: [Cluster]
  var contexts: [Context]
  var users: [User]
  var currentContext: String

  enum CodingKeys: String, CodingKey {
    case apiVersion
    case kind
    case clusters
    case contexts
    case users
    case currentContext = "current-context"
  }
}
