// SPDX-License-Identifier: Apache-2.0

import Commands
import Facts
import FoundationEssentials
import Spec
import TestSupport
import Testing

/// Verbs, exit codes and streams are an interface.
@Suite struct CommandLineTests {
  @Test func theExampleIsValid() async throws {
    let kubewright = try Program()
    let example = try await kubewright("init")
    #expect(example.code == 0)
    try kubewright.folder.write(example.output, to: "cluster.yaml")
    let checked = try await kubewright("validate")
    #expect(checked.code == 0)
    #expect(checked.output.isEmpty, "results only go to standard output")
    #expect(checked.errors.hasSuffix("3 hosts: no errors\n"))
    let help = try await kubewright("init", "--help")
    #expect(help.output.contains("three-hosts, eks-worker"), "who has to choose is told from what")
  }

  @Test func faultsHaveTheirPlaceAndExit2() async throws {
    let kubewright = try Program()
    try kubewright.folder.write(
      "apiVersion: kubewright/v1alpha1\nkind: Cluster\nmetdata: {name: a}\n",
      to: "cluster.yaml"
    )
    let outcome = try await kubewright("validate", "-f", "cluster.yaml")
    #expect(outcome.code == 2)
    #expect(outcome.errors.contains("cluster.yaml:3:1: error: metdata: "))
    #expect(outcome.errors.contains("did you mean 'metadata'?"))
  }

  @Test(arguments: [
    ["frobnicate"], ["plan", "--no-such-flag"], ["init", "--example", "nothing"],
    ["artifacts", "fetch", "--kubernetes", "v1.99.0"], ["artifacts", "build"],
    ["reset", "--host", "node-1", "--forget"],
  ])
  func wrongUsageIs64(arguments: [String]) async throws {
    let kubewright = try Program()
    let outcome =
      switch arguments.count {
      case 1: try await kubewright(arguments[0])
      case 2: try await kubewright(arguments[0], arguments[1])
      case 3: try await kubewright(arguments[0], arguments[1], arguments[2])
      default: try await kubewright(arguments[0], arguments[1], arguments[2], arguments[3])
      }
    #expect(outcome.code == 64)
    #expect(outcome.output.isEmpty)
  }

  @Test(arguments: ["plan", "up", "status", "verify", "kubeconfig", "render"])
  func aMissingSpecIsTold(verb: String) async throws {
    let kubewright = try Program()
    let outcome =
      verb == "render" ? try await kubewright(verb, "-o", "out") : try await kubewright(verb)
    #expect(outcome.code == 2)
    #expect(
      outcome.errors.contains("cannot read the spec cluster.yaml: No such file or directory\n")
    )
  }

  @Test func aFolderOfProgramsLiesBesideTheSpec() async throws {
    let kubewright = try Program()
    let place = kubewright.folder
    try place.write(
      """
      apiVersion: kubewright/v1alpha1
      kind: Cluster
      metadata: {name: one}
      spec:
        kubernetes: {version: v1.20.2}
        controlPlane: {endpoint: "10.0.0.1"}
        artifacts: {sources: [{folder: programs}]}
        hosts:
          - {name: a, nodeIP: 10.0.0.1, roles: [etcd, control-plane, worker]}

      """,
      to: "clusters/one/cluster.yaml"
    )
    let facts = try JSONEncoder().encode(HostFacts(hostname: "a"))
    try place.write(Array(facts), to: "facts.json")
    let outcome = try await kubewright(
      "render",
      "-f",
      "clusters/one/cluster.yaml",
      "--facts",
      "facts.json",
      "-o",
      "out",
      environment: ["XDG_CACHE_HOME": "\(place.path)/cache"]
    )
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("\(place.path)/clusters/one/programs has no kube-"))
  }

  @Test func withDetailedExitcodeAWrongSpecIs1() async throws {
    let kubewright = try Program()
    try kubewright.folder.write("kind: [", to: "cluster.yaml")
    #expect(try await kubewright("plan", "--detailed-exitcode").code == 1)
  }

  @Test func verifyWithoutAClusterSaysWhatToDo() async throws {
    let kubewright = try Program()
    try await kubewright.folder.write(kubewright("init").output, to: "cluster.yaml")
    let outcome = try await kubewright("verify")
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("run `kubewright up` first"))
  }

  @Test func theSchemaIsJSON() async throws {
    let kubewright = try Program()
    let schema = try await kubewright("schema")
    #expect(schema.code == 0)
    let object = try JSONDecoder().decode(SchemaHead.self, from: Data(schema.output.utf8))
    #expect(object.type == "object")
  }

  private struct SchemaHead: Decodable {
    var type: String
  }

  @Test func maxPodsAreTheFormulas() async throws {
    let kubewright = try Program()
    let outcome = try await kubewright(
      "eks",
      "max-pods",
      "--instance-type",
      "m5.large",
      "--source",
      "table"
    )
    #expect(outcome.code == 0)
    #expect(outcome.output == "29\n")
    #expect(outcome.errors.contains("m5.large: 3 network interfaces"))
  }

  @Test func aTokenIsAnExecCredentialAndHoldsNoSecretKey() async throws {
    let kubewright = try Program()
    let outcome = try await kubewright(
      "eks",
      "token",
      "--cluster-name",
      "demo",
      "--region",
      "eu-central-1",
      environment: [
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "not-to-be-seen",
        "AWS_EC2_METADATA_DISABLED": "true",
      ]
    )
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("\"kind\": \"ExecCredential\""))
    #expect(outcome.output.contains("k8s-aws-v1."))
    #expect(!(outcome.output + outcome.errors).contains("not-to-be-seen"))
  }

  @Test func theSpecReferenceIsGenerated() throws {
    let page =
      "\(#filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined())/docs/spec.md"
    let written = try String(decoding: Data(contentsOf: URL(filePath: page)), as: UTF8.self)
    #expect(
      written == SpecReference.markdown(),
      "write it anew: kubewright schema --markdown > docs/spec.md"
    )
  }
}
